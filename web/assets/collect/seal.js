// Envelope version 1: what is written here only the server can open, this phone neither.
//
// "SB1", the part's own public key (65 bytes), then frames: length of what follows (4 bytes, big
// end first), 12 bytes of nonce, AES-256-GCM. The private half of the part's key is never kept.
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const MARK = new Uint8Array([0x53, 0x42, 0x31]);
const NONCE_BYTES = 12;
const text = new TextEncoder();

// Gives seal(bytes) -> the next frame; the first comes with the head of the envelope before it.
export async function sealer(serverPoint, client, name) {
  const theirs = await crypto.subtle.importKey("raw", fromBase64(serverPoint), CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const secret = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const info = text.encode(`storybank phone 1|${client}|${name}`);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  let index = 0;
  return async (bytes) => {
    const place = index++; // taken before anything waits, so that frames stay in order
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const additionalData = text.encode(`${client}|${name}|${place}`);
    const sealed = new Uint8Array(
      await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, bytes),
    );
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, iv.length + sealed.length);
    return joined(place === 0 ? [MARK, point, length, iv, sealed] : [length, iv, sealed]);
  };
}

export async function sealedJson(serverPoint, client, name, value) {
  const seal = await sealer(serverPoint, client, name);
  return seal(text.encode(JSON.stringify(value)));
}

export function toBase64(bytes) {
  let letters = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    letters += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(letters);
}

function fromBase64(letters) {
  return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
}

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
