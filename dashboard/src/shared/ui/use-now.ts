import { useEffect, useState } from "react";
import { serverClock } from "@/shared/lib/time";

/** The platform's time, renewed every `everyMs`: for durations and ages in text. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => serverClock.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverClock.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
