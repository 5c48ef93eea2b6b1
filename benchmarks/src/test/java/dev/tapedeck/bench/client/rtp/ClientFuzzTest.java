package dev.tapedeck.bench.client.rtp;

import dev.tapedeck.protocol.fuzz.Mutator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Arrays are as long as the input, so a read past its end throws and fails the test. */
class ClientFuzzTest {
  private static final int MUTATIONS = 100_000;

  private static final RtcpReader.Handler READ_ALL = new RtcpReader.Handler() {
    private final TransportFeedbackReader transport = new TransportFeedbackReader();

    @Override
    public void onSenderReport(int ssrc, long ntpMiddle, long rtpTimestamp) {}

    @Override
    public void onReceiverReportBlock(int mediaSsrc, int fractionLost) {
      check(fractionLost >= 0 && fractionLost <= 255);
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
      check(sequenceNumber >= 0 && sequenceNumber <= 65_535);
    }

    @Override
    public void onPictureLoss(int mediaSsrc) {}

    @Override
    public void onFullIntraRequest(int mediaSsrc, int requestNumber) {}

    @Override
    public void onTransportFeedback(byte[] data, int offset, int end) {
      transport.read(data, offset, end);
    }

    @Override
    public void onRemb(long bitsPerSecond) {}

    @Override
    public void onGoodbye(int ssrc) {}
  };

  @Test
  void rtp() {
    RtpPacket view = new RtpPacket();
    Mutator.run("client-rtp", 1, rtpCorpus(), MUTATIONS, input -> {
      if (!view.parse(input, input.length)) {
        return;
      }
      check(view.payloadOffset() + view.payloadBytes() + view.paddingBytes() == input.length);
      for (int id = 1; id < 32; id++) {
        int offset = view.findExtension(id);
        check(offset == -1 || offset + view.foundLength() <= view.payloadOffset());
      }
    });
  }

  @Test
  void rtcp() {
    Mutator.run("client-rtcp", 2, rtcpCorpus(), MUTATIONS, input -> RtcpReader.read(input, input.length, READ_ALL));
  }

  private static List<byte[]> rtpCorpus() {
    Random random = new Random(3);
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      byte[] packet = new byte[300];
      HeaderExtensions extensions = new HeaderExtensions(i % 2 == 0).addText(4, "m" + i).addU16(3, i);
      int length = extensions.writeHeader(packet, i % 3 == 0, 96, random.nextInt(1 << 16), i, i) + random.nextInt(100);
      corpus.add(Arrays.copyOf(packet, length));
    }
    return corpus;
  }

  private static List<byte[]> rtcpCorpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      corpus.add(compound(new Random(i), i));
    }
    return corpus;
  }

  /** Every kind of packet this client writes, in changing mixtures. */
  private static byte[] compound(Random random, int seed) {
    RtcpWriter writer = new RtcpWriter();
    TransportFeedbackWriter transport = new TransportFeedbackWriter();
    for (int i = 0; i < 40; i++) {
      if (random.nextInt(4) > 0) {
        transport.onPacket(65_500 + i & 0xffff, i * 20_000_000L * random.nextInt(3));
      }
    }
    if (seed % 2 == 0) {
      RtpReceiver receiver = new RtpReceiver(seed, 90_000, PacketConsumer.NONE);
      writer.receiverReport(1, List.of(receiver), seed);
    }
    writer.sourceDescription(1, "name" + seed);
    writer.nack(1, 2, List.of(seed, seed + 3, seed + 40));
    writer.pictureLoss(1, 2);
    writer.fullIntraRequest(1, 2, seed);
    if (transport.hasNews()) {
      transport.write(writer, 1, 2);
    }
    writer.goodbye(1);
    return Arrays.copyOf(writer.packet(), writer.length());
  }

  private static void check(boolean invariant) {
    if (!invariant) {
      throw new AssertionError("invariant broken");
    }
  }
}
