import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { leadTimeSummaryQuery } from "@/shared/api/alert-queries";
import { Notice } from "@/shared/ui/notice";
import { PageHeader } from "@/shared/ui/page-header";
import { Segmented } from "@/shared/ui/segmented";
import { useNow } from "@/shared/ui/use-now";
import { Budgets } from "./budgets";
import { Calibration } from "./calibration";
import { Ledger } from "./ledger";
import { Scores } from "./scores";

const SPANS = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
] as const;
type Span = (typeof SPANS)[number][0];

/** Whether warnings came early and were right: predictions held to account. */
export default function LeadTimePage() {
  const [days, setDays] = useState<Span>("30");
  const { data, error } = useQuery(leadTimeSummaryQuery(Number(days)));
  const now = useNow(1000);
  const said = data ? data.pending + data.confirmed + data.averted + data.expired : 0;
  return (
    <>
      <PageHeader
        title="Lead time"
        lead="How long before a limit was hit somebody was told, and how often that was right. Wrong ones count."
      >
        <Segmented legend="Over the last" value={days} onChange={setDays} options={SPANS} />
      </PageHeader>
      {!data && !error && <div className="skeleton h-40" aria-busy="true" />}
      {!data && error && (
        <Notice icon="unplugged" title="The ledger cannot be loaded" role="alert">
          {error.message}
        </Notice>
      )}
      {data && said === 0 && (
        <Notice icon="hourglass" title="No predictions yet">
          One is written down here when a limit is forecast to be hit and somebody is told: a disk that fills, memory
          that leaks. None was in the last {days} days.
        </Notice>
      )}
      {data && said > 0 && (
        <div className="grid gap-3">
          <Scores summary={data} />
          <Calibration bins={data.calibration} />
        </div>
      )}
      <Budgets />
      <Ledger now={now} />
    </>
  );
}
