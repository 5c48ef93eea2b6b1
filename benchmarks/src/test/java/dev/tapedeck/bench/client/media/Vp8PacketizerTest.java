package dev.tapedeck.bench.client.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.bench.client.rtp.HeaderExtensions;
import dev.tapedeck.bench.client.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Vp8PacketizerTest {
  private static final int[] FRAME_BYTES = {1, 10, 1195, 1196, 1197, 2392, 2393, 50_000};

  private final List<byte[]> frames = new ArrayList<>();
  private final List<Boolean> keyFrames = new ArrayList<>();
  private final Vp8Assembler assembler = new Vp8Assembler((data, timestamp, isKeyFrame) -> {
    frames.add(data);
    keyFrames.add(isKeyFrame);
  });
  private int sequenceNumber;

  @Test
  void framesComeBackAsTheyWere() {
    // Starts close to the end of the 15-bit picture ids, so that they wrap.
    Vp8Packetizer packetizer = new Vp8Packetizer(0x7ffd);
    Random random = new Random(11);
    List<byte[]> sent = new ArrayList<>();
    for (int i = 0; i < FRAME_BYTES.length; i++) {
      byte[] frame = new byte[FRAME_BYTES[i]];
      random.nextBytes(frame);
      sent.add(frame);
      long timestamp = i * 3000L;
      packetizer.packetize(frame, (payload, bytes, isLast) -> receive(payload, bytes, timestamp, isLast));
    }

    assertThat(frames).hasSize(sent.size());
    for (int i = 0; i < sent.size(); i++) {
      assertThat(frames.get(i)).isEqualTo(sent.get(i));
      assertThat(keyFrames.get(i)).isEqualTo((sent.get(i)[0] & 1) == 0);
    }
    assertThat(assembler.brokenFrames()).isZero();
  }

  @Test
  void staysWithinThePayloadLimitAndCountsPicturesIn15Bits() {
    Vp8Packetizer packetizer = new Vp8Packetizer(0x7fff);
    List<Integer> pictureIds = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      packetizer.packetize(new byte[5000], (payload, bytes, isLast) -> {
        assertThat(bytes).isLessThanOrEqualTo(Packetizer.MAX_PAYLOAD_BYTES);
        pictureIds.add((payload[2] & 0x7f) << 8 | payload[3] & 0xff);
      });
    }
    assertThat(pictureIds).containsExactly(
        0x7fff, 0x7fff, 0x7fff, 0x7fff, 0x7fff, 0, 0, 0, 0, 0);
  }

  @Test
  void aFrameWithAHoleIsBrokenAndTheNextIsWhole() {
    Vp8Packetizer packetizer = new Vp8Packetizer(0);
    int[] packetOfFrame = {0};
    packetizer.packetize(new byte[3000], (payload, bytes, isLast) -> {
      if (packetOfFrame[0]++ == 1) {
        assembler.onLoss(1);
      } else {
        receive(payload, bytes, 0, isLast);
      }
    });
    packetizer.packetize(new byte[3000], (payload, bytes, isLast) -> receive(payload, bytes, 3000, isLast));

    assertThat(assembler.brokenFrames()).isEqualTo(1);
    assertThat(assembler.frames()).isEqualTo(1);
  }

  private void receive(byte[] payload, int bytes, long timestamp, boolean marker) {
    byte[] packet = new byte[1500];
    int offset = new HeaderExtensions(false).writeHeader(packet, marker, 96, sequenceNumber++, timestamp, 1);
    System.arraycopy(payload, 0, packet, offset, bytes);
    RtpPacket view = new RtpPacket();
    assertThat(view.parse(Arrays.copyOf(packet, offset + bytes), offset + bytes)).isTrue();
    assembler.onPacket(view);
  }
}
