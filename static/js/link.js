// The link to the server: acknowledges each frame once it is on the page, and says when the link is down.
// The server sends the next frame only after the acknowledgement of the last.
// Another module speaks to the server by the event "lesson:say"; its default is prevented when that could be sent.

const FINAL = [4404, 4408, 4413, 4429]; // the server has said why; trying again would not help
const GOING_AWAY = "removed";

let connection = null;

function send(message) {
  const socket = connection?.socket;
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(message));
  return true;
}

function say(text) {
  const place = document.getElementById("link");
  if (place) place.textContent = text;
}

document.addEventListener("lesson:say", (event) => {
  if (send(event.detail)) event.preventDefault();
});

document.addEventListener("htmx:after:ws:connection", (event) => {
  connection = event.detail.connection;
  say("");
});

document.addEventListener("htmx:after:ws:message", (event) => {
  const { frame, back } = event.detail.message.json ?? {};
  if (frame === undefined) return;
  if (back && connection) connection.config.protocols = [back]; // whoever connects again comes back to this place
  send({ type: "ack", frame });
});

document.addEventListener("htmx:ws:close", (event) => {
  const { code, connection: closed, reason } = event.detail;
  if (reason === GOING_AWAY) return;
  if (FINAL.includes(code)) closed.config.reconnect = false;
  else if (!document.hidden) say("The connection was lost. Trying again; the run goes on.");
});

// htmx looks at the page without waiting for its extension or for this module, and they may come late: then the stage is
// not connected yet, or its first frame was not acknowledged, and is sent anew to whoever comes back.
htmx.process(document.body);
const address = document.querySelector("[hx-ws\\:connect]")?.getAttribute("hx-ws:connect");
const early = address && htmx.ext.ws?.getRegistry().get(address)?.socket;
if (early?.readyState === WebSocket.OPEN) early.close();
