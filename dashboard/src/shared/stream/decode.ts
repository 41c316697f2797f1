import type { Vector } from "@/shared/api/types";

/** Numbers of a column, NaN where nothing was measured. Takes a JSON array or base64 of little-endian float32. */
export function decodeVector(vector: Vector | null | undefined): ArrayLike<number> {
  if (vector === null || vector === undefined || vector.length === 0) return [];
  if (typeof vector !== "string") return vector.map((value) => value ?? Number.NaN);
  const bytes = Uint8Array.from(atob(vector), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length >> 2 }, (_, index) => view.getFloat32(index * 4, true));
}
