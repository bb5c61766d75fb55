"""A page's microphone in the hands of a test: it can be switched off, or taken away."""

IN_HAND = """
    const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (asked) => {
        window.heard = await get(asked);
        window.heard.getTracks().forEach((track) => (track.enabled = !window.switchedOff));
        return window.heard;
    };
"""
"""Script for `add_init_script`; where `window.switchedOff` is true, recordings are silent."""
TAKE_AWAY = """() => {
    const [track] = window.heard.getTracks();
    track.stop();
    track.dispatchEvent(new Event("ended"));
}"""
"""What a phone call does, to be evaluated in the page."""
