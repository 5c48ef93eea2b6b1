package dev.tapedeck.bench.floor;

import dev.tapedeck.bench.client.media.BurstSource;
import dev.tapedeck.bench.client.media.SourcePlayer;
import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.net.UdpPort;
import dev.tapedeck.bench.client.rtp.IncomingMedia;
import dev.tapedeck.bench.client.rtp.OutgoingStream;
import dev.tapedeck.bench.client.rtp.PacketConsumer;
import dev.tapedeck.bench.client.rtp.PacketTap;
import dev.tapedeck.bench.client.rtp.RtpSender;
import dev.tapedeck.bench.client.rtp.RtpSession;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.rtp.SentLog;
import dev.tapedeck.bench.client.rtp.SessionStats;
import dev.tapedeck.bench.client.sdp.Codec;
import dev.tapedeck.bench.client.sdp.MediaKind;
import dev.tapedeck.bench.client.sdp.OfferedMedia;
import dev.tapedeck.bench.client.srtp.SrtpMasterKeys;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.client.srtp.SrtpSession;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.bench.peers.LoadShape;
import dev.tapedeck.bench.process.Pause;
import dev.tapedeck.bench.process.ThreadCpu;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * The clients of a served floor: the same bursts and the same subscribers as with a server, but with keys from a list
 * instead of ICE and DTLS.
 */
final class FloorLoad implements AutoCloseable {
  private static final int DECRYPT_ONE_IN = 61;
  private static final String MID = "0";
  private static final Codec CODEC = Codec.vp8(96, Codec.NO_RTX);
  private static final int SSRC = 1001;
  private static final long START_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final Duration MEDIA_DEADLINE = Duration.ofSeconds(60);

  private final LoadShape shape;
  private final ClientLoop publisherLoop = new ClientLoop("floor-publisher");
  private final ClientLoop subscriberLoop = new ClientLoop("floor-subscribers");
  private final List<RtpSession> subscribers = new ArrayList<>();
  private final ServedFloor floor;
  private RtpSession publisher;
  private SourcePlayer player;

  /** Starts the floor and sends; returns when every subscriber has received something. */
  FloorLoad(List<String> command, LoadShape shape, SrtpProtection protection) throws IOException {
    this.shape = shape;
    List<ServedFloor.Receiver> receivers = new ArrayList<>();
    for (int i = 0; i < shape.subscribers(); i++) {
      SrtpMasterKeys keys = randomKeys(protection);
      UdpPort port = subscribe(keys, i);
      receivers.add(new ServedFloor.Receiver(port.localAddress(), keys));
    }
    SrtpMasterKeys publisherKeys = randomKeys(protection);
    floor = ServedFloor.start(command, publisherKeys, receivers);
    publish(publisherKeys, floor.address());
    Await.until("media at every subscriber of the floor", MEDIA_DEADLINE, () -> stats().stream()
        .filter(stats -> stats.packetsReceived() > 0).count(), count -> count == shape.subscribers());
  }

  private static SrtpMasterKeys randomKeys(SrtpProtection protection) {
    byte[] material = new byte[protection.exportedBytes()];
    new SecureRandom().nextBytes(material);
    return SrtpMasterKeys.cut(protection, material);
  }

  private UdpPort subscribe(SrtpMasterKeys keys, int number) throws IOException {
    // Nobody would read its reports.
    RtpSession session = session(subscriberLoop, keys, "floor-subscriber" + number, (data, offset, length) -> {});
    session.addSlot(new IncomingMedia(MID, Map.of(CODEC.payloadType(), CODEC.clockRate()), Map.of(), -1, -1, false),
        List.of(), PacketConsumer.NONE);
    subscribers.add(session);
    return subscriberLoop.open(InetAddress.getLoopbackAddress(),
        (port, remote, data, length, nowNanos) -> session.onDatagram(data, length, nowNanos), Impairment.NONE,
        Impairment.NONE);
  }

  private void publish(SrtpMasterKeys keys, InetSocketAddress to) throws IOException {
    UdpPort port = publisherLoop.open(InetAddress.getLoopbackAddress(),
        (from, remote, data, length, nowNanos) -> {}, Impairment.NONE, Impairment.NONE);
    publisher = session(publisherLoop, keys, "floor-publisher", (data, offset, length) ->
        port.send(data, offset, length, to));
    RtpSender sender = publisher.addSender(new OutgoingStream(
        MID, "", SSRC, 0, CODEC, OfferedMedia.usualExtensionIds(MediaKind.VIDEO)));
    long startNanos = publisherLoop.nowNanos() + START_DELAY_NANOS;
    player = new SourcePlayer(publisherLoop, shape.source(), sender, SentLog.ofCounts(), startNanos);
    publisherLoop.execute(player::start);
  }

  private static RtpSession session(
      ClientLoop loop, SrtpMasterKeys keys, String cname, RtpSession.DatagramOutput output) {
    return new RtpSession(loop, new RtpSessionSettings(cname, false, false, DECRYPT_ONE_IN),
        new SrtpSession(keys, true), output, new Random(1), SentLog.ofCounts(), stream -> {}, PacketTap.NONE);
  }

  private List<SessionStats> stats() {
    return subscriberLoop.call(() -> subscribers.stream().map(RtpSession::stats).toList());
  }

  /** What a window of the served floor gave: CPU of its thread by the scheduler, packets at the subscribers. */
  record Served(double microsPerPacket, long packets, long lost) {}

  Served measure(Duration settle, Duration window) throws IOException {
    Pause.of(settle);
    List<SessionStats> before = stats();
    ThreadCpu cpuBefore = ThreadCpu.of(floor.pid());
    Pause.of(window);
    long nanos = ThreadCpu.of(floor.pid()).since(cpuBefore).values().stream().mapToLong(Long::longValue).sum();
    List<SessionStats> after = stats();
    long rejected = after.stream().mapToLong(SessionStats::rejected).sum();
    if (rejected > 0) {
      throw new IOException("the floor sent " + rejected + " packets that fail SRTP");
    }
    long packets = sum(after, SessionStats::packetsReceived) - sum(before, SessionStats::packetsReceived);
    long lost = sum(after, SessionStats::lostPackets) - sum(before, SessionStats::lostPackets);
    return new Served(nanos / 1e3 / packets, packets, lost);
  }

  private static long sum(List<SessionStats> stats, ToLongFunction<SessionStats> count) {
    return stats.stream().mapToLong(count).sum();
  }

  @Override
  public void close() {
    if (player != null) {
      player.stop();
    }
    publisherLoop.close();
    floor.close();
    subscriberLoop.close();
  }
}
