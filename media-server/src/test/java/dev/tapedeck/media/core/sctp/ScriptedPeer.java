package dev.tapedeck.media.core.sctp;

import dev.tapedeck.protocol.rtp.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A peer that says what a test tells it to, byte by byte, to one association of ours. */
final class ScriptedPeer {
  static final HexFormat HEX = HexFormat.of();

  /** Its tag and initial TSN. */
  static final String TAG = "a1a2a3a4";
  static final int FIRST_TSN = 0xFFFFFFFE;

  /** INIT with its streams; RE-CONFIG, FORWARD-TSN and, as the second, I-DATA supported. */
  static final String INIT = "01000020" + TAG + "00020000" + "04000300" + "fffffffe" + "80080006" + "82c00000" + "c0000004";
  static final String INIT_INTERLEAVING =
      "01000020" + TAG + "00020000" + "04000300" + "fffffffe" + "80080008" + "82c040c2" + "c0000004";

  final SctpPeer ours;
  long nowNanos = 1_000_000_000_000L;
  int ourTag;
  int ourFirstTsn;
  private final SctpChecksum checksum = new SctpChecksum();

  ScriptedPeer(SctpConfig config) {
    ours = new SctpPeer(config, 42);
  }

  ScriptedPeer() {
    this(SctpConfig.defaults());
  }

  /** Goes through the handshake with an INIT of its own. */
  ScriptedPeer established(String init) {
    List<String> initAck = say(0, init);
    readInitAck(initAck.getFirst());
    say(ourTag, "0a00" + lengthOf(cookieIn(initAck.getFirst())) + cookieIn(initAck.getFirst()));
    return this;
  }

  void readInitAck(String initAck) {
    ourTag = Integer.parseUnsignedInt(initAck, 8, 16, 16);
    ourFirstTsn = Integer.parseUnsignedInt(initAck, 32, 40, 16);
  }

  /** The value of the state cookie parameter, found by walking over the parameters. */
  static String cookieIn(String initAck) {
    int at = 40;
    while (true) {
      int type = Integer.parseInt(initAck, at, at + 4, 16);
      int bytes = Integer.parseInt(initAck, at + 4, at + 8, 16);
      if (type == ParameterType.STATE_COOKIE) {
        return initAck.substring(at + 8, at + 2 * bytes);
      }
      at += 2 * Tlv.padded(bytes);
    }
  }

  /** Length field of a chunk with this value. */
  static String lengthOf(String valueHex) {
    return "%04x".formatted(4 + valueHex.length() / 2);
  }

  static String hex(int value) {
    return "%08x".formatted(value);
  }

  /** Sends a packet of these chunks, padded, and returns the chunks of the answer, in hex without padding. */
  List<String> say(String... chunks) {
    return say(ourTag, chunks);
  }

  List<String> say(int tag, String... chunks) {
    ours.receive(nowNanos, packet(tag, chunks));
    return answers();
  }

  byte[] packet(int tag, String... chunks) {
    StringBuilder hex = new StringBuilder("13881388").append(hex(tag)).append("00000000");
    for (String chunk : chunks) {
      hex.append(chunk).append("0".repeat(2 * (Tlv.padded(chunk.length() / 2) - chunk.length() / 2)));
    }
    byte[] packet = HEX.parseHex(hex);
    checksum.write(MemorySegment.ofArray(packet), 0, packet.length);
    return packet;
  }

  /** Lets time pass and returns what became due. */
  List<String> waitFor(long nanos) {
    long end = nowNanos + nanos;
    while (ours.association.nextTimeoutNanos() <= end) {
      nowNanos = Math.max(nowNanos, ours.association.nextTimeoutNanos());
      ours.association.handleTimeout(nowNanos, ours);
    }
    nowNanos = end;
    return answers();
  }

  List<String> answers() {
    List<String> chunks = new ArrayList<>();
    Tlv walk = new Tlv();
    byte[] packet;
    while ((packet = ours.packets.poll()) != null) {
      MemorySegment memory = MemorySegment.ofArray(packet);
      if (!checksum.isRight(memory, 0, packet.length) || Bytes.i32(memory, 0) != 0x13881388) {
        throw new AssertionError("packet with a wrong header " + HEX.formatHex(packet));
      }
      walk.over(memory, 12, packet.length - 12);
      while (walk.next()) {
        chunks.add(HEX.formatHex(packet, (int) walk.at(), (int) walk.at() + walk.length()));
      }
      if (!walk.isWellFormed()) {
        throw new AssertionError("malformed " + HEX.formatHex(packet));
      }
    }
    return chunks;
  }
}
