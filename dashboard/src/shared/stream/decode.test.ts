import { describe, expect, it } from "vitest";
import { decodeVector } from "./decode";

describe("decodeVector", () => {
  it("reads numbers with null as not measured", () => {
    expect(Array.from(decodeVector([1, null, 3]))).toEqual([1, Number.NaN, 3]);
  });

  it("reads base64 of little-endian float32", () => {
    const bytes = new Uint8Array(new Float32Array([1.5, -2, Number.NaN]).buffer);
    expect(Array.from(decodeVector(btoa(String.fromCharCode(...bytes))))).toEqual([1.5, -2, Number.NaN]);
  });

  it.each([null, undefined, [], ""])("reads %j as no values", (vector) => {
    expect(decodeVector(vector)).toHaveLength(0);
  });
});
