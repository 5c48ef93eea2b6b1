package dev.tapedeck.composer.core.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tapedeck.composer.core.frame.LossPolicy;
import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.FrameSource;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.StreamInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** Whole sessions of VP8 and Opus whose frames say in their bytes which layer and which picture they are. */
class RoomTimelineTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long WALL_START = 1_780_000_000L * SECOND;
  private static final long NODE_START = 500 * SECOND;
  private static final long FRAME_NANOS = 40 * MILLI;
  private static final int VIDEO_RATE = 90_000;
  private static final int ORIENTATION_ID = 4;

  private final SplittableRandom random = new SplittableRandom(7);
  private final ByteBuffer bytes = ByteBuffer.allocate(8 << 20);

  /** Fault c, and the theme "black": the best layer there is, at every instant. */
  @Test
  void showsTheBestLayerThatFlows() throws IOException {
    // The top layer is gone from 4 s to 14 s and comes back with a key frame; the low layer never stops and has its
    // only key frame at the start.
    LayerTape low = video("q", 1, 320, 180, 20, time -> true, time -> time == 0, 0);
    LayerTape high = video("f", 2, 1280, 720, 20, time -> time < 4 * SECOND || time >= 14 * SECOND,
        time -> time == 0 || time == 14 * SECOND, 0);
    RoomTimeline room = room(List.of(low, high));

    assertThat(room.tracks()).hasSize(1);
    List<EncodedFrame> frames = read(room.tracks().getFirst(), room.zeroWallNanos());

    assertThat(layersAt(frames, 1, 3)).containsOnly(2);
    assertThat(layersAt(frames, 5, 13)).containsOnly(1);
    assertThat(layersAt(frames, 15, 20)).containsOnly(2);
    assertThat(longestPause(frames)).as("nobody sees a still picture").isLessThan(300 * MILLI);
    assertDecodable(frames);
    assertThat(room.tracks().getFirst().info().width()).isEqualTo(1280);
  }

  /** A sender under congestion control begins small: 320x180 for a second, whatever the rest is. */
  @Test
  void declaresTheLargestPictureOfASenderThatGrows() {
    RoomTimeline room = room(List.of(growing("", 1, 320, 180, 960, 540)));

    assertThat(room.tracks().getFirst().info()).extracting(StreamInfo::width, StreamInfo::height)
        .containsExactly(960, 540);
  }

  @Test
  void declaresTheLargestPictureOfAllLayers() {
    RoomTimeline room = room(List.of(growing("q", 1, 160, 90, 320, 180), growing("f", 2, 320, 180, 1280, 720)));

    assertThat(room.tracks().getFirst().info()).extracting(StreamInfo::width, StreamInfo::height)
        .containsExactly(1280, 720);
  }

  @Test
  void changesNothingWhenAllLayersPause() throws IOException {
    LongPredicate pausing = time -> time < 3 * SECOND || time >= 8 * SECOND;
    LayerTape low = video("q", 1, 320, 180, 12, pausing, time -> time == 0, 0);
    LayerTape high = video("f", 2, 1280, 720, 12, pausing, time -> time == 0, 0);
    RoomTimeline room = room(List.of(low, high));

    List<EncodedFrame> frames = read(room.tracks().getFirst(), room.zeroWallNanos());

    assertThat(layersAt(frames, 1, 12)).containsOnly(2);
    assertThat(longestPause(frames)).isCloseTo(5 * SECOND, within(50 * MILLI));
    assertDecodable(frames);
  }

  @Test
  void alignsLayersThatCountFromDifferentTimestamps() throws IOException {
    LayerTape low = video("q", 1, 320, 180, 10, time -> time < 5 * SECOND, time -> time == 0, 0);
    LayerTape high = video("f", 2, 1280, 720, 10, time -> time >= 5 * SECOND, time -> time == 5 * SECOND, 0);
    RoomTimeline room = room(List.of(low, high));

    List<EncodedFrame> frames = read(room.tracks().getFirst(), room.zeroWallNanos());

    assertThat(frames).hasSize(250);
    for (int i = 1; i < frames.size(); i++) {
      assertThat(frames.get(i).ptsNanos() - frames.get(i - 1).ptsNanos()).as("frame %d", i)
          .isCloseTo(FRAME_NANOS, within(8 * MILLI));
    }
  }

  /** Theme "DTX gaps": time goes on where nothing is sent. */
  @Test
  void keepsSilenceAsTime() throws IOException {
    LayerTape audio = audio(60, time -> time < 10 * SECOND || time >= 40 * SECOND);
    RoomTimeline room = room(List.of(audio));

    assertThat(room.durationNanos()).isCloseTo(60 * SECOND, within(30 * MILLI));
    List<EncodedFrame> frames = read(room.tracks().getFirst(), room.zeroWallNanos());
    assertThat(longestPause(frames)).isCloseTo(30 * SECOND, within(40 * MILLI));

    try (FrameSource filled = new SilentGaps(List.of(room.tracks().getFirst().open(room.zeroWallNanos())))) {
      List<EncodedFrame> whole = readAll(filled);
      assertThat(whole).hasSize(60 * 50);
      assertThat(longestPause(whole)).isLessThan(40 * MILLI);
    }
  }

  @Test
  void bringsSessionsOfTwoNodesToOneAxis() {
    SessionTape here = session(1, List.of(audio(10, time -> true)), NODE_START, WALL_START);
    SessionTape there = new SessionTape("bob", 8, 2, List.of(new ClockPair(NODE_START, WALL_START + 3 * SECOND)),
        List.of(audio(10, time -> true)));

    RoomTimeline room = RoomTimeline.of(List.of(here, there), OptionalLong.empty(), LossPolicy.DROP_TO_KEY_FRAME);

    long apart = room.tracks().get(1).startWallNanos() - room.tracks().get(0).startWallNanos();
    assertThat(apart).isCloseTo(3 * SECOND, within(10 * MILLI));
  }

  @Test
  void doesNotMoveAnybodyWhenTheWallClockIsSet() {
    SessionTape before = session(1, List.of(audio(10, time -> true)), NODE_START, WALL_START);
    SessionTape after = session(2, List.of(audio(10, time -> true)), NODE_START + SECOND, WALL_START + 6 * SECOND);

    RoomTimeline room = RoomTimeline.of(List.of(before, after), OptionalLong.empty(), LossPolicy.DROP_TO_KEY_FRAME);

    long apart = room.tracks().get(1).startWallNanos() - room.tracks().get(0).startWallNanos();
    assertThat(apart).isCloseTo(0, within(10 * MILLI));
  }

  @Test
  void beginsAtTheRecordingsStartUnlessMediaIsOlder() {
    List<SessionTape> sessions = List.of(session(1, List.of(audio(2, time -> true)), NODE_START, WALL_START));

    assertThat(RoomTimeline.of(sessions, OptionalLong.of(WALL_START - SECOND), LossPolicy.DROP_TO_KEY_FRAME)
        .zeroWallNanos()).isEqualTo(WALL_START - SECOND);
    assertThat(RoomTimeline.of(sessions, OptionalLong.of(WALL_START + SECOND), LossPolicy.DROP_TO_KEY_FRAME)
        .zeroWallNanos()).isLessThan(WALL_START + SECOND);
  }

  @Test
  void tellsTheRotationOfEachFrame() throws IOException {
    LayerTape layer = video("", 1, 640, 360, 2, time -> true, time -> time == 0, 3);
    RoomTimeline room = room(List.of(layer));

    assertThat(read(room.tracks().getFirst(), room.zeroWallNanos()))
        .allMatch(frame -> frame.rotationDegrees() == 270);
  }

  @Test
  void isEmptyWithoutAKeyFrame() {
    RoomTimeline room = room(List.of(video("", 1, 640, 360, 2, time -> true, time -> false, 0)));

    assertThat(room.tracks().getFirst().isEmpty()).isTrue();
    assertThat(room.durationNanos()).isZero();
    assertThat(room.tracks().getFirst().reports().getFirst().frames().undecodableFrames()).isEqualTo(50);
  }

  private RoomTimeline room(List<LayerTape> layers) {
    return RoomTimeline.of(List.of(session(1, layers, NODE_START, WALL_START)), OptionalLong.empty(),
        LossPolicy.DROP_TO_KEY_FRAME);
  }

  private static SessionTape session(long session, List<LayerTape> layers, long monotonic, long wall) {
    return new SessionTape("ann", session, 1, List.of(new ClockPair(monotonic, wall)), layers);
  }

  /** @param turns quarter turns in each packet's header extension, none if 0 */
  private LayerTape video(String rid, int layer, int width, int height, int seconds, LongPredicate flows,
      LongPredicate isKey, int turns) {
    return tape(camera(layer, rid, turns), seconds, FRAME_NANOS, flows,
        (time, number) -> picture(layer, number, isKey.test(time), width, height), turns);
  }

  /** Three seconds of one layer, with a second key frame after the first second. */
  private LayerTape growing(String rid, int layer, int width, int height, int laterWidth, int laterHeight) {
    return tape(camera(layer, rid, 0), 3, FRAME_NANOS, time -> true, (time, number) -> time < SECOND
        ? picture(layer, number, time == 0, width, height)
        : picture(layer, number, time == SECOND, laterWidth, laterHeight), 0);
  }

  private static TrackDescription camera(int layer, String rid, int turns) {
    return new TrackDescription(layer, "cam", "0", rid, layer, MediaCodec.VP8, 96, VIDEO_RATE, 0, "",
        turns == 0 ? Map.of() : Map.of(ORIENTATION_ID, "urn:3gpp:video-orientation"));
  }

  /** A payload of VP8 with one whole frame (RFC 7741, RFC 6386 §9.1). */
  private static byte[] picture(int layer, int number, boolean isKey, int width, int height) {
    byte[] frame = isKey
        ? new byte[] {0x10, 2, 0, (byte) 0x9D, 1, 0x2A, (byte) width, (byte) (width >> 8), (byte) height,
            (byte) (height >> 8), (byte) layer, (byte) number, (byte) (number >> 8)}
        : new byte[] {0x31, 2, 0, 0, 0, 0, 0, 0, 0, 0, (byte) layer, (byte) number, (byte) (number >> 8)};
    return ByteBuffer.allocate(1 + frame.length).put((byte) 0x10).put(frame).array();
  }

  private LayerTape audio(int seconds, LongPredicate flows) {
    TrackDescription description = new TrackDescription(9, "mic", "1", "", 9, MediaCodec.OPUS, 111, 48_000, 2, "",
        Map.of());
    return tape(description, seconds, 20 * MILLI, flows, (time, number) -> new byte[] {0x78, 1, 2, 3}, 0);
  }

  private interface Payload {
    byte[] of(long time, int number);
  }

  private LayerTape tape(TrackDescription description, int seconds, long everyNanos, LongPredicate flows,
      Payload payload,
      int turns) {
    RtpReorder packets = new RtpReorder();
    List<SenderReport> reports = new ArrayList<>();
    int timestampBase = random.nextInt();
    int sequence = random.nextInt(1 << 16);
    int number = 0;
    for (long time = 0; time < seconds * SECOND; time += everyNanos, number++) {
      int timestamp = timestampBase + (int) Math.round(time / 1e9 * description.clockRate());
      long arrival = NODE_START + time + 10 * MILLI + random.nextLong(5 * MILLI);
      if (time % SECOND == 0) {
        reports.add(new SenderReport(900 * SECOND + time, timestamp, arrival));
      }
      if (!flows.test(time)) {
        continue;
      }
      byte[] body = payload.of(time, number);
      int offset = bytes.position();
      bytes.put((byte) (turns == 0 ? 0x80 : 0x90)).put((byte) (0x80 | description.payloadType()))
          .putShort((short) sequence).putInt(timestamp).putInt((int) description.ssrc());
      if (turns != 0) {
        bytes.putInt(0xBEDE0001).put((byte) (ORIENTATION_ID << 4)).put((byte) turns).putShort((short) 0);
      }
      bytes.put(body);
      packets.add(sequence++ & 0xFFFF, timestamp, arrival, offset, bytes.position() - offset);
    }
    return new LayerTape(description, MemorySegment.ofArray(bytes.array()), packets.order(description.clockRate()),
        reports);
  }

  private static List<EncodedFrame> read(TrackTimeline track, long zero) throws IOException {
    try (FrameSource source = track.open(zero)) {
      return readAll(source);
    }
  }

  private static List<EncodedFrame> readAll(FrameSource source) throws IOException {
    List<EncodedFrame> frames = new ArrayList<>();
    for (EncodedFrame frame = source.next(); frame != null; frame = source.next()) {
      frames.add(frame);
    }
    return frames;
  }

  private static List<Integer> layersAt(List<EncodedFrame> frames, int fromSecond, int toSecond) {
    return frames.stream()
        .filter(frame -> frame.ptsNanos() >= fromSecond * SECOND && frame.ptsNanos() < toSecond * SECOND)
        .map(frame -> (int) frame.data()[10])
        .toList();
  }

  private static long longestPause(List<EncodedFrame> frames) {
    long longest = 0;
    for (int i = 1; i < frames.size(); i++) {
      longest = Math.max(longest, frames.get(i).ptsNanos() - frames.get(i - 1).ptsNanos());
    }
    return longest;
  }

  /** Each frame is a key frame or follows the one before it in the same layer; time never goes back. */
  private static void assertDecodable(List<EncodedFrame> frames) {
    for (int i = 1; i < frames.size(); i++) {
      byte[] before = frames.get(i - 1).data();
      byte[] here = frames.get(i).data();
      boolean sameLayer = before[10] == here[10];
      assertThat(frames.get(i).keyFrame() || sameLayer).as("frame %d", i).isTrue();
      assertThat(frames.get(i).ptsNanos()).isGreaterThan(frames.get(i - 1).ptsNanos());
    }
  }
}
