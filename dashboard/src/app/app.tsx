import { lazy, Suspense } from "react";
import { LivePage } from "@/features/live/page";
import { useLocation } from "@/shared/lib/router";
import { Layout } from "./layout";
import { NotFound } from "./not-found";
import { useStream } from "./use-stream";

const IncidentsPage = lazy(() => import("@/features/incidents/page"));
const IncidentPage = lazy(() => import("@/features/incidents/detail-page"));
const SilencesPage = lazy(() => import("@/features/silences/page"));
const RoutingPage = lazy(() => import("@/features/routing/page"));
const LeadTimePage = lazy(() => import("@/features/lead-time/page"));
const ModelsPage = lazy(() => import("@/features/models/page"));
const SystemPage = lazy(() => import("@/features/system/page"));

const INCIDENT = /^\/incidents\/([^/]+)$/;

function Page({ path }: { path: string }) {
  const incident = INCIDENT.exec(path)?.[1];
  if (incident) return <IncidentPage id={decodeURIComponent(incident)} />;
  switch (path) {
    case "/":
      return <LivePage />;
    case "/incidents":
      return <IncidentsPage />;
    case "/silences":
      return <SilencesPage />;
    case "/routing":
      return <RoutingPage />;
    case "/lead-time":
      return <LeadTimePage />;
    case "/models":
      return <ModelsPage />;
    case "/system":
      return <SystemPage />;
    default:
      return <NotFound />;
  }
}

export function App() {
  const { path } = useLocation();
  useStream();
  return (
    <Layout path={path}>
      <Suspense fallback={<div className="skeleton h-64" />}>
        <Page path={path} />
      </Suspense>
    </Layout>
  );
}
