import { MAX_WHO, sayWho, useWho } from "@/shared/lib/who";
import { TextInput } from "./field";

/** Who acts. Said once, kept in this browser, and the same in every form. */
export function WhoField({ label = "Your name", needed = false }: { label?: string; needed?: boolean }) {
  return (
    <TextInput
      label={label}
      value={useWho()}
      onChange={sayWho}
      maxLength={MAX_WHO}
      placeholder={needed ? "Needed" : "Optional, remembered here"}
      required={needed}
      name="who"
    />
  );
}
