import type { IncidentEvent, Symptom } from "@/shared/api/types";

/** A symptom and where it lies in the time from the first mover to the last sign. */
export interface LaggedSymptom {
  symptom: Symptom;
  /** After the first mover, milliseconds; negative = it began to show before. */
  lagMs: number;
  /** Beginning and width of its bar, in percent. */
  left: number;
  width: number;
}

/** Percent of the width that can still be seen. */
const THINNEST = 1.5;

/** Symptoms in the order of their beginning, on one time axis with the incident. */
export function lagged(incident: IncidentEvent): LaggedSymptom[] {
  const { symptoms, startedAt } = incident;
  const from = Math.min(startedAt, ...symptoms.map((symptom) => symptom.since));
  const to = Math.max(incident.resolvedAt ?? incident.updatedAt, ...symptoms.map((symptom) => symptom.lastT), from + 1);
  const place = (at: number): number => ((at - from) / (to - from)) * 100;
  return [...symptoms]
    .sort((a, b) => a.since - b.since)
    .map((symptom) => {
      const left = Math.min(place(symptom.since), 100 - THINNEST);
      const width = Math.min(Math.max(THINNEST, place(symptom.lastT) - left), 100 - left);
      return { symptom, lagMs: symptom.since - startedAt, left, width };
    });
}

/** "+12 s", "−3 s", "at once". */
export function lagText(ms: number): string {
  const size = Math.abs(ms);
  if (size < 500) return "at once";
  const seconds = Math.round(size / 1000);
  const text =
    seconds < 120
      ? `${seconds} s`
      : seconds < 7200
        ? `${Math.round(seconds / 60)} min`
        : `${Math.round(seconds / 3600)} h`;
  return `${ms < 0 ? "−" : "+"}${text}`;
}
