// Everything the page asks of its server. All addresses are relative: the token is the first part of the path.

async function answer(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    throw new Error(`The server answered ${response.status}.`);
  }
  if (!response.ok || body.ok === false) throw new Error(body.description || `The server answered ${response.status}.`);
  return "result" in body ? body.result : body;
}

const query = (params) => {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `?${new URLSearchParams(given)}` : "";
};

export const get = async (path, params = {}) => answer(await fetch(path + query(params)));

export const post = async (path, data = {}) =>
  answer(
    await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(data),
    }),
  );

// A file part besides plain fields.
export async function upload(path, fields, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== null && value !== "") form.append(name, value);
  form.append("file", file, file.name);
  return answer(await fetch(path, { method: "POST", body: form }));
}

export const mediaUrl = (view, me, version) =>
  `client/media${query({ chat_id: view.chat_id, message_id: view.message_id, user_id: me, v: version })}`;

// The live stream of one person. After a loss it goes on behind the last event that it saw; returns what closes it.
export function listen(userId, after, onEvent, onState) {
  let last = after;
  let source = null;
  let timer = 0;
  let closed = false;
  const open = () => {
    source = new EventSource(`stream${query({ user_id: userId, after: last })}`);
    source.onopen = () => onState(true);
    source.onmessage = (message) => {
      const seq = Number(message.lastEventId);
      if (seq > last) last = seq;
      onEvent(JSON.parse(message.data));
    };
    source.onerror = () => {
      source.close();
      onState(false);
      if (!closed) timer = setTimeout(open, 1000);
    };
  };
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}
