const two = (value: number): string => String(value).padStart(2, "0");

/** Unix milliseconds as the value of an input of type datetime-local: to the second, in the reader's own zone. */
export function toLocalInput(at: number): string {
  const time = new Date(at);
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day}T${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** The other way round; null for what is no time. */
export function fromLocalInput(text: string): number | null {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? null : at;
}
