/** What the server said was wrong: a stable code and a sentence that says what to do. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export const SIGNED_OUT = "onethread:signed-out";

export const get = <T>(path: string) => call<T>("GET", path);
export const post = <T>(path: string, body?: unknown) => call<T>("POST", path, body);
export const put = <T>(path: string, body: unknown) => call<T>("PUT", path, body);
export const patch = <T>(path: string, body: unknown) => call<T>("PATCH", path, body);
export const remove = <T>(path: string, body?: unknown) => call<T>("DELETE", path, body);

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isForm = body instanceof FormData;
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      credentials: "same-origin",
      headers: {
        // A browser sends this across sites only after asking: it proves the console wrote it.
        "X-Requested-With": "onethread",
        ...(body !== undefined && !isForm ? { "Content-Type": "application/json" } : {}),
      },
      body: isForm ? body : body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "offline", "The server can't be reached. Check your connection.");
  }
  if (!response.ok) throw await problem(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function problem(response: Response): Promise<ApiError> {
  const said = (await response.json().catch(() => ({}))) as { code?: string; message?: string };
  if (response.status === 401) window.dispatchEvent(new Event(SIGNED_OUT));
  return new ApiError(
    response.status,
    said.code ?? "error",
    said.message ?? `The server answered with ${response.status}. Try again in a moment.`,
  );
}

/** Upload one file, telling how much of it has arrived (0..1). */
export function upload<T>(
  path: string,
  file: File,
  onProgress: (share: number) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", `/api${path}`);
    request.setRequestHeader("X-Requested-With", "onethread");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded / Math.max(1, event.total));
    request.onerror = () =>
      reject(new ApiError(0, "offline", "The connection broke off during the upload."));
    request.onload = () => {
      if (request.status < 300) return resolve(request.response as T);
      const said = (request.response ?? {}) as { code?: string; message?: string };
      reject(
        new ApiError(
          request.status,
          said.code ?? "error",
          said.message ?? `The server answered with ${request.status}.`,
        ),
      );
    };
    request.send(form);
  });
}

/** `?a=1&b=2` of what is set. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const set = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  const text = new URLSearchParams(set.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : "";
}
