/** A failed call: what happened in words a person can use. `status` 0 = the gateway did not answer at all. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

type Params = Record<string, string | number | boolean | undefined>;

/** Builds a relative address; parameters without a value are left out. */
export function apiPath(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params))
    if (value !== undefined && value !== "") query.set(key, String(value));
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** The one fetch of the dashboard. Problem documents become readable errors. */
async function call<T>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  signal?: AbortSignal,
  body?: unknown,
): Promise<T> {
  let response: Response;
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    response = await fetch(path, {
      method,
      signal,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "The platform does not answer. Is ./forewarn up still running?");
  }
  if (!response.ok) throw new ApiError(response.status, await reasonOf(response));
  return (response.status === 204 ? undefined : await response.json()) as T;
}

interface Problem {
  detail?: string;
  title?: string;
  /** What is wrong with each field: says more than the rest. */
  errors?: Record<string, string[]>;
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { detail, title, errors } = (await response.json()) as Problem;
    const fields = Object.values(errors ?? {}).flat();
    if (fields.length > 0) return fields.join(" ");
    const said = detail ?? title;
    if (said) return said;
  } catch {
    // Not a problem document: fall through to the status.
  }
  return `The gateway answered ${response.status}.`;
}

export const get = <T>(path: string, params?: Params, signal?: AbortSignal): Promise<T> =>
  call<T>("GET", apiPath(path, params), signal);

export const post = <T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> =>
  call<T>("POST", path, signal, body);

export const remove = <T>(path: string): Promise<T> => call<T>("DELETE", path);
