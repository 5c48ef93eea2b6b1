package dev.tapedeck.media.sim;

import static dev.tapedeck.media.sim.SimNetwork.MILLIS;

import dev.tapedeck.media.core.rtcp.RtcpVisitor;
import dev.tapedeck.media.core.rtcp.RtcpWriter;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.protocol.rtp.Bytes;
import dev.tapedeck.protocol.rtp.NtpTime;
import dev.tapedeck.protocol.rtp.RtpExtensions;
import dev.tapedeck.protocol.rtp.RtpHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Receives a room on m-lines of audio and video in turn, checks every header, and asks for what it misses. */
final class SimWatcher extends SimClient {
  private static final long NACK_INTERVAL_NANOS = 20 * MILLIS;

  final List<SimSlot> slots = new ArrayList<>();
  private final SimFormats formats;
  private final Reports reports = new Reports();
  private long highestTransportSequence = -1;

  /** @param pairs m-lines of audio, each followed by one of video */
  SimWatcher(Sim sim, String room, String peer, SimFormats formats, int pairs, String watched) {
    super(sim, SessionSpec.Role.WATCH, room, peer, media(formats, pairs), watched);
    this.formats = formats;
    for (NegotiatedMedia media : spec.media()) {
      NegotiatedMedia.LocalSource local = media.local().orElseThrow();
      slots.add(new SimSlot(media.mid(), (int) local.ssrc(), (int) local.rtxSsrc().orElse(0), media.isVideo()));
    }
  }

  private static List<NegotiatedMedia> media(SimFormats formats, int pairs) {
    List<NegotiatedMedia> media = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      media.add(formats.watchedAudio(2 * i, "a" + i, 1000 + i));
      media.add(formats.watchedVideo(2 * i + 1, "v" + i, 2000 + i, 3000 + i));
    }
    return media;
  }

  SimSlot audio(int pair) {
    return slots.get(2 * pair);
  }

  SimSlot video(int pair) {
    return slots.get(2 * pair + 1);
  }

  /** Asks for a key frame as a decoder that cannot go on. */
  void requestKeyFrame(SimSlot slot) {
    sendRtcp((memory, offset, capacity) -> RtcpWriter.pictureLoss(memory, offset, capacity, 1, slot.ssrc));
  }

  @Override
  void connected() {
    every(NACK_INTERVAL_NANOS, () -> slots.stream().filter(slot -> slot.isVideo).forEach(this::askForMissing));
  }

  @Override
  void rtp(MemorySegment memory, long offset, int length) {
    int headerBytes = RtpHeader.headerBytes(memory, offset, length);
    int payloadBytes = RtpHeader.payloadBytes(memory, offset, length, headerBytes);
    int ssrc = RtpHeader.ssrc(memory, offset);
    for (SimSlot slot : slots) {
      if (slot.ssrc == ssrc || slot.rtxSsrc == ssrc && ssrc != 0) {
        checkExtensions(slot, memory, offset, headerBytes);
        take(slot, memory, offset, headerBytes, payloadBytes, slot.ssrc != ssrc);
        return;
      }
    }
    throw new AssertionError("a stream that was not announced: " + ssrc);
  }

  private void take(
      SimSlot slot, MemorySegment memory, long offset, int headerBytes, int payloadBytes, boolean isRepaired) {
    int expected = isRepaired ? formats.rtx() : slot.isVideo ? formats.videoPayloadType() : formats.opus();
    int payloadType = RtpHeader.payloadType(memory, offset);
    if (payloadType != expected) {
      throw new AssertionError("payload type " + payloadType + " on " + slot.mid + ", agreed on " + expected);
    }
    slot.read(memory, offset, headerBytes, payloadBytes, isRepaired, network.nowNanos());
  }

  /** Every element must be one we agreed on, with our id, and say what it should. */
  private void checkExtensions(SimSlot slot, MemorySegment memory, long offset, int headerBytes) {
    boolean hasMid = false;
    for (long element = RtpExtensions.first(memory, offset, headerBytes);
        element != RtpExtensions.NONE;
        element = RtpExtensions.next(memory, offset, headerBytes, element)) {
      int id = RtpExtensions.id(element);
      byte[] data = memory.asSlice(RtpExtensions.offset(element), RtpExtensions.length(element))
          .toArray(ValueLayout.JAVA_BYTE);
      if (id == formats.mid()) {
        hasMid = true;
        require(new String(data).equals(slot.mid), "mid " + new String(data) + " on " + slot.mid);
      } else if (id == formats.transportCc()) {
        noteTransportSequence(Bytes.u16(memory, RtpExtensions.offset(element)));
      } else if (id == formats.audioLevel() && !slot.isVideo) {
        require(data.length == 1 && data[0] == 77, "audio level");
      } else if (id == formats.orientation() && slot.isVideo) {
        require(data.length == 1 && data[0] == 2, "orientation");
      } else {
        require(id == formats.absSendTime() && data.length == 3, "extension id " + id + " was not agreed on");
      }
    }
    require(hasMid, "no mid");
  }

  /** Transport-wide numbers of all streams together leave no hole but what the network lost. */
  private void noteTransportSequence(int sequence) {
    if (highestTransportSequence >= 0) {
      int step = (short) (sequence - (int) highestTransportSequence);
      require(step > -500 && step < 500, "transport-wide sequence jumped by " + step);
      highestTransportSequence += Math.max(0, step);
    } else {
      highestTransportSequence = sequence;
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }

  @Override
  RtcpVisitor rtcp() {
    return reports;
  }

  private final class Reports implements RtcpVisitor {
    @Override
    public void senderReport(
        int ssrc, long ntp, int rtpTimestamp, long packets, long octets, long offset, int length) {
      for (SimSlot slot : slots) {
        if (slot.ssrc == ssrc) {
          slot.hasReport = true;
          slot.reportWallNanos = NtpTime.toUnixNanos(ntp);
          slot.reportTimestamp = rtpTimestamp;
          slot.reportedPackets = packets;
        }
      }
    }
  }
}
