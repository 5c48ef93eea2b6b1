package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;
import static dev.tapedeck.media.sim.SimNetwork.SECONDS;

import dev.tapedeck.media.core.rtcp.RtcpVisitor;
import dev.tapedeck.media.core.rtcp.RtcpWriter;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.protocol.rtp.NtpTime;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sends Opus-like audio every 20 ms and VP8 video of 30 pictures a second, in one stream or in simulcast layers. It
 * answers requests for packets and key frames, sends sender reports, and keeps what feedback told.
 */
final class SimPublisher extends SimClient {
  private static final long AUDIO_INTERVAL_NANOS = 20 * MILLIS;
  private static final long FRAME_INTERVAL_NANOS = SECONDS / 30;

  /** One video layer: its stream and its encoder. */
  final class Layer {
    final int number;
    SimStream stream;
    final List<SimFrame> sent = new ArrayList<>();
    boolean flows = true;
    private final int width;
    private int pictureId = network.random.nextInt(1 << 15);
    private int tl0PicIdx = network.random.nextInt(256);
    private final SimTemporal temporal = new SimTemporal();
    private boolean isKeyFrameDue = true;
    private int keyFrames;
    final List<Long> requestNanos = new ArrayList<>();

    private Layer(int number, SimStream stream, int width) {
      this.number = number;
      this.stream = stream;
      this.width = width;
    }

    int keyFrames() {
      return keyFrames;
    }

    private void encode(int frame, long captureNanos) {
      if (!flows) {
        return;
      }
      boolean isKeyFrame = isKeyFrameDue;
      isKeyFrameDue = false;
      keyFrames += isKeyFrame ? 1 : 0;
      if (hasTemporalLayers) {
        temporal.next(frame, isKeyFrame);
        tl0PicIdx = tl0PicIdx + (temporal.tid() == 0 ? 1 : 0) & 0xFF;
      }
      int packets = (isKeyFrame ? 4 : 1) * (1 + number) + network.random.nextInt(2);
      for (int i = 0; i < packets; i++) {
        SimFrame content = new SimFrame(spec.id(), number, frame, i, packets, captureNanos);
        byte[] payload = content.vp8(isKeyFrame, pictureId, tl0PicIdx, temporal.tid(), temporal.isSync(),
            width, width * 9 / 16, 900);
        send(stream, captureNanos, content.isLast(), payload);
        sent.add(content);
      }
      pictureId = pictureId + 1 & 0x7FFF;
      tl0PicIdx = tl0PicIdx + (hasTemporalLayers ? 0 : 1) & 0xFF;
    }

    SimTemporal temporal() {
      return temporal;
    }

    private void keyFrameRequested() {
      requestNanos.add(network.nowNanos());
      isKeyFrameDue = true;
    }
  }

  /** What one transport-wide feedback said. */
  record Feedback(long nowNanos, int statuses) {}

  SimStream audio;
  final List<Layer> layers = new ArrayList<>();
  final List<Feedback> feedbacks = new ArrayList<>();

  /** By unwrapped transport-wide sequence number: true first arrival at the server, and what feedback told of it. */
  final Map<Long, Long> trueArrivals = new TreeMap<>();
  final Map<Long, Long> toldArrivals = new TreeMap<>();
  private final SimFormats formats;
  private final Events events = new Events();
  private long transportSequence = network.random.nextInt(1 << 16);
  private int frame;
  private int audioPackets;
  private boolean isMuted;

  /** Whether its pictures come in three temporal layers; before {@link #join}. */
  boolean hasTemporalLayers;

  private SimPublisher(Sim sim, String room, String peer, SimFormats formats, List<String> rids) {
    super(sim, SessionSpec.Role.PUBLISH, room, peer, media(formats, rids), "");
    this.formats = formats;
    audio = new SimStream(network.random, formats, false, "0", "");
    List<String> names = rids.isEmpty() ? List.of("") : rids;
    for (int i = 0; i < names.size(); i++) {
      SimStream stream = new SimStream(network.random, formats, true, "1", names.get(i));
      layers.add(new Layer(i, stream, 320 << i));
    }
  }

  static SimPublisher plain(Sim sim, String room, String peer) {
    return new SimPublisher(sim, room, peer, SimFormats.CHROMIUM, List.of());
  }

  /** Layers q, h and f, the smallest first. */
  static SimPublisher simulcast(Sim sim, String room, String peer) {
    return new SimPublisher(sim, room, peer, SimFormats.CHROMIUM, List.of("q", "h", "f"));
  }

  private static List<NegotiatedMedia> media(SimFormats formats, List<String> rids) {
    return List.of(formats.publishedAudio(0, "0"), formats.publishedVideo(1, "1", rids));
  }

  Layer video() {
    return layers.getFirst();
  }

  int audioPackets() {
    return audioPackets;
  }

  /** Sends no media from now on. */
  void mute() {
    isMuted = true;
  }

  void unmute() {
    isMuted = false;
  }

  /** Begins audio and the first video layer anew, with SSRCs, numbers and timestamps that nobody knows. */
  void changeSsrcs() {
    audio = new SimStream(network.random, formats, false, "0", "");
    video().stream = new SimStream(network.random, formats, true, "1", "");
    video().keyFrameRequested();
  }

  /** Video packets for somebody else to deliver, one frame each. */
  List<byte[]> protectedPackets(int count) {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SimFrame content = new SimFrame(spec.id(), 0, ++frame, 0, 1, network.nowNanos());
      packets.add(protect(video().stream.packet(
          network.nowNanos() + i * MILLIS, true, content.vp8(false, frame & 0x7FFF, frame & 0xFF, 0, 0, 1100),
          (int) transportSequence++)));
    }
    return packets;
  }

  @Override
  void connected() {
    every(AUDIO_INTERVAL_NANOS, this::sendAudio);
    every(FRAME_INTERVAL_NANOS, this::sendFrame);
    every(SECONDS + network.random.nextInt((int) (100 * MILLIS)), () -> report(audio));
    layers.forEach(layer ->
        every(SECONDS + network.random.nextInt((int) (100 * MILLIS)), () -> report(layer.stream)));
  }

  private void sendAudio() {
    if (!isMuted) {
      long now = network.nowNanos();
      send(audio, now, false, new SimFrame(spec.id(), 0, audioPackets++, 0, 1, now).opus());
    }
  }

  private void sendFrame() {
    frame++;
    if (!isMuted) {
      layers.forEach(layer -> layer.encode(frame, network.nowNanos()));
    }
  }

  private void send(SimStream stream, long captureNanos, boolean marker, byte[] payload) {
    long sequence = transportSequence++;
    sendRtp(stream.packet(captureNanos, marker, payload, (int) sequence),
        arrivalNanos -> trueArrivals.putIfAbsent(sequence, arrivalNanos));
  }

  private void report(SimStream stream) {
    if (stream.packets > 0) {
      long wall = wallNanos();
      int timestamp = stream.timestampAt(network.nowNanos());
      sendRtcp((memory, offset, capacity) -> RtcpWriter.senderReport(memory, offset, capacity, stream.ssrc,
          NtpTime.fromUnixNanos(wall), timestamp, stream.packets, stream.octets, 0));
    }
  }

  @Override
  void rtp(MemorySegment memory, long offset, int length) {
    throw new AssertionError("a publisher agreed to receive nothing");
  }

  @Override
  RtcpVisitor rtcp() {
    return events;
  }

  private final class Events implements RtcpVisitor {
    @Override
    public void nack(int senderSsrc, int mediaSsrc, int sequenceNumber) {
      for (Layer layer : layers) {
        if (layer.stream.ssrc == mediaSsrc && !layer.stream.hasForgotten(sequenceNumber, network.nowNanos())) {
          long sequence = transportSequence;
          byte[] packet = layer.stream.retransmission(sequenceNumber, (int) sequence);
          if (packet == null) {
            throw new AssertionError("layer %d was asked for packet %d, which was never sent; %s"
                .formatted(layer.number, sequenceNumber, layer.stream));
          }
          transportSequence++;
          sendRtp(packet, arrivalNanos -> trueArrivals.putIfAbsent(sequence, arrivalNanos));
        }
      }
    }

    @Override
    public void pictureLoss(int senderSsrc, int mediaSsrc) {
      for (Layer layer : layers) {
        if (layer.stream.ssrc == mediaSsrc) {
          layer.keyFrameRequested();
        }
      }
    }

    @Override
    public void transportFeedback(
        int senderSsrc, int mediaSsrc, int baseSequence, int statuses, int feedbackCount) {
      feedbacks.add(new Feedback(network.nowNanos(), statuses));
    }

    @Override
    public void transportArrival(int sequence, long arrivalNanos) {
      toldArrivals.putIfAbsent(unwrap(sequence), arrivalNanos);
    }

    /** To the number we sent, which is not far from the newest one. */
    private long unwrap(int sequence) {
      return transportSequence + (short) (sequence - (int) transportSequence);
    }
  }
}
