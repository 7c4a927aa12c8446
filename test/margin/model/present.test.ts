import { describe, expect, it } from "vitest";
import { present } from "../../../src/margin/model/present.ts";

describe("members that are not there", () => {
  it("are left out, and the others keep their order", () => {
    const members = present({ b: undefined, d: 1, a: undefined, c: "x" });
    expect(JSON.stringify(Object.entries(members))).toBe('[["d",1],["c","x"]]');
    expect("b" in members).toBe(false);
  });

  it("are no empty ones", () => {
    expect(Object.keys(present({ none: null, zero: 0, text: "", no: false }))).toEqual(["none", "zero", "text", "no"]);
  });
});
