"""A page's microphone in the hands of a test: it can be switched off, or taken away."""

import base64
from typing import Any

from playwright.sync_api import BrowserContext

IN_HAND = """
    const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (asked) => {
        window.asked = (window.asked ?? 0) + 1;
        window.heard = await get(asked);
        window.heard.getTracks().forEach((track) => (track.enabled = !window.switchedOff));
        return window.heard;
    };
"""
"""Script for `add_init_script`; where `window.switchedOff` is true, recordings are silent.

`window.asked` counts how often it was asked for.
"""
TAKE_AWAY = """() => {
    const [track] = window.heard.getTracks();
    track.stop();
    track.dispatchEvent(new Event("ended"));
}"""
"""What a phone call does, to be evaluated in the page."""

NOT_COMPRESSED = """
    const Compressing = window.MediaRecorder;
    window.MediaRecorder = class extends Compressing {
        constructor(stream) {
            super(stream, { mimeType: "audio/webm;codecs=pcm" });
        }
    };
"""
"""Script for `add_init_script`: Chromium records 190 kB a second, as much as a minute's speech."""

_LISTEN_IN = """
    const Plain = window.MediaRecorder;
    let recordings = 0;
    window.MediaRecorder = class extends Plain {
        constructor(...given) {
            super(...given);
            const recording = recordings++;
            let slices = 0;
            this.addEventListener("dataavailable", async ({data}) => {
                const at = slices++;
                let letters = "";
                for (const byte of new Uint8Array(await data.arrayBuffer())) {
                    letters += String.fromCharCode(byte);
                }
                await window.listenIn(recording, at, btoa(letters));
            });
        }
    };
"""

Heard = dict[int, dict[int, bytes]]
"""What a page heard: its recordings in order, each slice by slice."""


def listen_in(context: BrowserContext) -> Heard:
    """Give what a page of this browser will hear: a list kept outside of it, and of the server."""
    heard: Heard = {}

    def note(_: Any, recording: int, at: int, slice_: str) -> None:
        heard.setdefault(recording, {})[at] = base64.b64decode(slice_)

    context.expose_binding("listenIn", note)
    context.add_init_script(_LISTEN_IN)
    return heard


def whole(heard: Heard, recording: int = 0) -> bytes:
    """Give a recording as its slices make it; none of them may be missing."""
    slices = heard[recording]
    assert sorted(slices) == list(range(len(slices)))
    return b"".join(slices[at] for at in range(len(slices)))
