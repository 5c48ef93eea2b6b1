package dev.tapedeck.bench.client.rtp;

import dev.tapedeck.bench.client.net.ClientLoop;
import dev.tapedeck.bench.client.srtp.SrtpSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * RTP and RTCP of one connection: sends and receives its streams, reports, repairs, and answers feedback.
 *
 * <p>Owned by the loop thread of its client; every method runs there.
 */
public final class RtpSession implements RtpOutput {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long TRANSPORT_FEEDBACK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ClientLoop loop;
  private final RtpSessionSettings settings;
  private final SrtpSession srtp;
  private final DatagramOutput output;
  private final RandomGenerator random;
  private final SentLog log;
  private final KeyFrameListener keyFrames;
  private final PacketTap tap;
  private final Map<Integer, RtpSender> senders = new LinkedHashMap<>();
  private final Map<String, IncomingSlot> slots = new LinkedHashMap<>();
  private final Map<Integer, IncomingSlot> slotsBySsrc = new LinkedHashMap<>();
  private final CountedStreams counted = new CountedStreams();
  private final RtpPacket view = new RtpPacket();
  private final RtcpWriter rtcp = new RtcpWriter();
  private final TransportFeedbackWriter transportFeedback = new TransportFeedbackWriter();
  private final TransportFeedbackReader transportReports = new TransportFeedbackReader();
  private final Feedback feedback = new Feedback();
  private final Map<Integer, Integer> lastFirNumbers = new LinkedHashMap<>();
  private final int ownSsrc;
  private int transportSequence;
  private long nextReportNanos;
  private long nextTransportFeedbackNanos;
  private long rtpPacketsIn;
  private long unknownPackets;
  private long keyFrameRequests;
  private long keyFrameRequestsSent;
  private long nacksReceived;
  private long senderReportsReceived;
  private long receiverReportBlocks;
  private long malformedRtcp;
  private long rembReceived;
  private boolean closed;

  /** Where encrypted packets go: the nominated ICE path. */
  @FunctionalInterface
  public interface DatagramOutput {
    void send(byte[] data, int offset, int length);
  }

  public RtpSession(ClientLoop loop, RtpSessionSettings settings, SrtpSession srtp, DatagramOutput output,
      RandomGenerator random, SentLog log, KeyFrameListener keyFrames, PacketTap tap) {
    this.loop = loop;
    this.settings = settings;
    this.srtp = srtp;
    this.output = output;
    this.random = random;
    this.log = log;
    this.keyFrames = keyFrames;
    this.tap = tap;
    this.ownSsrc = random.nextInt() | 1;
    this.transportSequence = random.nextInt(1 << 15);
  }

  public RtpSender addSender(OutgoingStream stream) {
    RtpSender sender = new RtpSender(stream, this, log, random);
    senders.put(stream.ssrc(), sender);
    return sender;
  }

  /** @param announcedSsrcs SSRCs the answer names for the m-line, possibly none */
  public void addSlot(IncomingMedia media, List<Integer> announcedSsrcs, PacketConsumer consumer) {
    IncomingSlot slot = new IncomingSlot(media, consumer, settings.repairs());
    slots.put(media.mid(), slot);
    announcedSsrcs.forEach(ssrc -> slotsBySsrc.put(ssrc, slot));
  }

  /** Starts the timers: repairs every 20 ms, transport-wide feedback every 100 ms, reports every second. */
  public void start() {
    long nowNanos = loop.nowNanos();
    nextReportNanos = nowNanos + REPORT_NANOS;
    nextTransportFeedbackNanos = nowNanos + TRANSPORT_FEEDBACK_NANOS;
    scheduleTick(nowNanos);
  }

  private void scheduleTick(long nowNanos) {
    loop.schedule(nowNanos + (settings.onlyCounts() ? TRANSPORT_FEEDBACK_NANOS : TICK_NANOS), this::tick);
  }

  private void tick() {
    if (closed) {
      return;
    }
    long nowNanos = loop.nowNanos();
    rtcp.clear();
    if (nowNanos - nextReportNanos >= 0) {
      nextReportNanos = nowNanos + REPORT_NANOS;
      writeReports(nowNanos);
    }
    slots.values().forEach(slot -> slot.writeNacks(rtcp, ownSsrc, nowNanos));
    sendRtcp();
    if (nowNanos - nextTransportFeedbackNanos >= 0) {
      nextTransportFeedbackNanos = nowNanos + TRANSPORT_FEEDBACK_NANOS;
      sendTransportFeedback();
    }
    scheduleTick(nowNanos);
  }

  private void writeReports(long nowNanos) {
    Instant wallTime = Instant.now();
    List<RtpReceiver> receivers = new ArrayList<>();
    slots.values().forEach(slot -> receivers.addAll(slot.receivers()));
    senders.values().stream().filter(sender -> sender.packetsSent() > 0)
        .forEach(sender -> rtcp.senderReport(sender, wallTime, nowNanos));
    if (rtcp.isEmpty() || !receivers.isEmpty()) {
      rtcp.receiverReport(ownSsrc, receivers, nowNanos);
    }
    rtcp.sourceDescription(senders.isEmpty() ? ownSsrc : senders.keySet().iterator().next(), settings.cname());
  }

  private void sendTransportFeedback() {
    if (settings.sendsTransportFeedback() && transportFeedback.hasNews()) {
      rtcp.clear();
      transportFeedback.write(rtcp, ownSsrc, mediaSsrc());
      sendRtcp();
    }
  }

  private int mediaSsrc() {
    return slots.values().stream().mapToInt(IncomingSlot::currentSsrc).filter(ssrc -> ssrc != 0).findFirst().orElse(0);
  }

  /** Sends what the writer holds, protected under the SSRC of its first packet (RFC 3711 §3.4). */
  private void sendRtcp() {
    if (rtcp.isEmpty() || closed) {
      return;
    }
    int ssrc = (int) Ints.u32(rtcp.packet(), 4);
    int length = srtp.protectRtcp(rtcp.packet(), rtcp.length(), ssrc);
    output.send(rtcp.packet(), 0, length);
    rtcp.clear();
  }

  @Override
  public void sendRtp(byte[] packet, int length, int ssrc) {
    if (!closed) {
      output.send(packet, 0, srtp.protectRtp(packet, length, ssrc));
    }
  }

  @Override
  public int nextTransportSequence(int packetBytes) {
    transportSequence = transportSequence + 1 & 0xffff;
    return transportSequence;
  }

  /** Asks the server for a key frame of what an m-line shows now; without a first packet there is no SSRC to name. */
  public void requestKeyFrame(String mid) {
    IncomingSlot slot = slots.get(mid);
    if (slot == null || slot.currentSsrc() == 0) {
      return;
    }
    keyFrameRequestsSent++;
    rtcp.clear();
    rtcp.pictureLoss(ownSsrc, slot.currentSsrc());
    sendRtcp();
  }

  /** Sends a last report of what was sent, so that the receiver can see whether it has everything. */
  public void sendLastReports() {
    rtcp.clear();
    writeReports(loop.nowNanos());
    sendRtcp();
  }

  /** Takes an SRTP or SRTCP packet; it is decrypted in place. */
  public void onDatagram(byte[] data, int length, long nowNanos) {
    if (Rtcp.isRtcp(data, length)) {
      onRtcp(data, length, nowNanos);
    } else {
      onRtp(data, length, nowNanos);
    }
  }

  private void onRtcp(byte[] data, int length, long nowNanos) {
    if (length < 8) {
      malformedRtcp++;
      return;
    }
    int plain = srtp.unprotectRtcp(data, length, (int) Ints.u32(data, 4));
    if (plain < 0) {
      return;
    }
    feedback.nowNanos = nowNanos;
    if (!RtcpReader.read(data, plain, feedback)) {
      malformedRtcp++;
    }
  }

  private void onRtp(byte[] data, int length, long nowNanos) {
    rtpPacketsIn++;
    if (settings.onlyCounts()) {
      countRtp(data, length, nowNanos);
      return;
    }
    if (length < RtpPacket.FIXED_HEADER_BYTES) {
      unknownPackets++;
      return;
    }
    int plain = srtp.unprotectRtp(data, length, (int) Ints.u32(data, 8));
    if (plain < 0) {
      return;
    }
    if (!view.parse(data, plain)) {
      unknownPackets++;
      return;
    }
    IncomingSlot slot = slotOf(view);
    if (slot == null) {
      unknownPackets++;
      return;
    }
    noteTransportSequence(slot, nowNanos);
    if (!slot.media().retransmissionTypes().containsKey(view.payloadType())) {
      tap.onPacket(view, nowNanos);
    }
    slot.onPacket(view, plain, nowNanos);
  }

  private void countRtp(byte[] data, int length, long nowNanos) {
    if (!view.parseHeader(data, length)) {
      unknownPackets++;
      return;
    }
    CountedStreams.Stream stream = counted.find(view.ssrc());
    if (stream == null) {
      IncomingSlot slot = slotOf(view);
      if (slot == null) {
        unknownPackets++;
        return;
      }
      stream = counted.add(
          view.ssrc(), new CountedStreams.Stream(slot, slot.counterOf(view.ssrc(), view.payloadType())));
    }
    stream.counter().onPacket(view.sequenceNumber(), length);
    noteTransportSequence(stream.slot(), nowNanos);
    if (rtpPacketsIn % settings.decryptOneIn() == 0) {
      srtp.unprotectRtp(data, length, view.ssrc());
    }
  }

  /** By SSRC, else by MID, else by a payload type that only one m-line has (RFC 9143 §9.2). */
  private IncomingSlot slotOf(RtpPacket packet) {
    IncomingSlot known = slotsBySsrc.get(packet.ssrc());
    if (known != null && known.media().carries(packet.payloadType())) {
      return known;
    }
    IncomingSlot slot = byMid(packet);
    if (slot == null) {
      slot = byPayloadType(packet.payloadType());
    }
    if (slot != null) {
      slotsBySsrc.put(packet.ssrc(), slot);
    }
    return slot;
  }

  private IncomingSlot byMid(RtpPacket packet) {
    for (IncomingSlot slot : slots.values()) {
      int offset = slot.media().midExtensionId() < 0 ? -1 : packet.findExtension(slot.media().midExtensionId());
      if (offset >= 0 && isText(packet.data(), offset, packet.foundLength(), slot.media().mid())) {
        return slot;
      }
    }
    return null;
  }

  private static boolean isText(byte[] data, int offset, int length, String text) {
    if (length != text.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (data[offset + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private IncomingSlot byPayloadType(int payloadType) {
    IncomingSlot only = null;
    for (IncomingSlot slot : slots.values()) {
      if (slot.media().carries(payloadType)) {
        if (only != null) {
          return null;
        }
        only = slot;
      }
    }
    return only;
  }

  private void noteTransportSequence(IncomingSlot slot, long nowNanos) {
    int id = slot.media().transportCcId();
    int offset = id < 0 ? -1 : view.findExtension(id);
    if (offset >= 0 && view.foundLength() >= 2) {
      transportFeedback.onPacket(Ints.u16(view.data(), offset), nowNanos);
      if (transportFeedback.isFull()) {
        sendTransportFeedback();
      }
    }
  }

  public SessionStats stats() {
    long sent = 0;
    long retransmitted = 0;
    long unanswered = 0;
    for (RtpSender sender : senders.values()) {
      sent += sender.packetsSent();
      retransmitted += sender.retransmittedPackets();
      unanswered += sender.unansweredNacks();
    }
    return new SessionStats(sent, retransmitted, unanswered, keyFrameRequests, keyFrameRequestsSent, nacksReceived,
        senderReportsReceived, receiverReportBlocks, transportReports.feedbackPackets(),
        transportReports.acknowledged(), transportReports.notReceived(),
        malformedRtcp + transportReports.malformedPackets(), rembReceived, srtp.rejectedPackets(), unknownPackets,
        slots.values().stream().map(IncomingSlot::stats).toList());
  }

  /** Stops the timers and says goodbye for each stream sent. */
  public void close() {
    rtcp.clear();
    senders.keySet().forEach(rtcp::goodbye);
    if (!rtcp.isEmpty()) {
      sendRtcp();
    }
    closed = true;
    srtp.close();
  }

  /** Acts on RTCP from the server. */
  private final class Feedback implements RtcpReader.Handler {
    private long nowNanos;

    @Override
    public void onSenderReport(int ssrc, long ntpMiddle, long rtpTimestamp) {
      senderReportsReceived++;
      IncomingSlot slot = slotsBySsrc.get(ssrc);
      if (slot != null) {
        slot.onSenderReport(ssrc, ntpMiddle, nowNanos);
      }
    }

    @Override
    public void onReceiverReportBlock(int mediaSsrc, int fractionLost) {
      receiverReportBlocks++;
    }

    @Override
    public void onNack(int mediaSsrc, int sequenceNumber) {
      nacksReceived++;
      RtpSender sender = senders.get(mediaSsrc);
      if (sender != null) {
        sender.resend(sequenceNumber, nowNanos);
      }
    }

    @Override
    public void onPictureLoss(int mediaSsrc) {
      RtpSender sender = senders.get(mediaSsrc);
      if (sender != null) {
        keyFrameRequests++;
        keyFrames.onKeyFrameRequest(sender.stream());
      }
    }

    @Override
    public void onFullIntraRequest(int mediaSsrc, int requestNumber) {
      // The same number again is a repetition of one request (RFC 5104 §4.3.1.2).
      Integer last = lastFirNumbers.put(mediaSsrc, requestNumber);
      if (last == null || last != requestNumber) {
        onPictureLoss(mediaSsrc);
      }
    }

    @Override
    public void onTransportFeedback(byte[] data, int offset, int end) {
      transportReports.read(data, offset, end);
    }

    @Override
    public void onRemb(long bitsPerSecond) {
      rembReceived++;
    }

    @Override
    public void onGoodbye(int ssrc) {
      // The server ends streams by renegotiation or close, which is seen elsewhere.
    }
  }
}
