"""Frames survive any way the network cuts them."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from connectors.channels.asterisk.audiosocket import Frame, Frames, Kind

CALL = UUID("40325ec2-5efd-4bd3-805f-53576e581d13")
frames = st.lists(
    st.builds(Frame, st.sampled_from([*map(int, Kind), 0x7F]), st.binary(max_size=700)),
    max_size=12,
)


@given(frames, st.data())
def test_frames_come_out_as_they_went_in_wherever_they_are_cut(
    sent: list[Frame], data: st.DataObject
) -> None:
    wire = b"".join(frame.written() for frame in sent)
    places = data.draw(st.lists(st.integers(0, len(wire)), max_size=20).map(sorted))
    reader, came = Frames(), []
    for start, end in zip([0, *places], [*places, len(wire)], strict=True):
        came += list(reader.feed(wire[start:end]))
    assert came == sent


@given(st.binary(max_size=2000))
def test_noise_on_the_wire_raises_nothing(noise: bytes) -> None:
    for frame in Frames().feed(noise):
        assert isinstance(frame.call, str)
        assert isinstance(frame.key, str)


def test_what_the_frames_say() -> None:
    wire = (
        b"\x01\x00\x10" + CALL.bytes + b"\x03\x00\x015" + b"\x10\x00\x02\x01\x02" + b"\x00\x00\x00"
    )
    call, key, sound, end = Frames().feed(wire)
    assert (call.kind, call.call) == (Kind.CALL, str(CALL))
    assert (key.kind, key.key) == (Kind.KEY, "5")
    assert (sound.kind, sound.payload) == (Kind.SOUND, b"\x01\x02")
    assert end.kind == Kind.HANG_UP
    assert (Frame(Kind.CALL, b"short").call, Frame(Kind.KEY, b"x").key) == ("", "")
