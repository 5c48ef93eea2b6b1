package dev.tapedeck.media.core.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A sender and a receiver under one key, with arrays in place of packet memory. */
public final class SrtpPair implements AutoCloseable {
  private static final long HEADER = 0;
  private static final long PAYLOAD = 16_384;
  private static final long PACKET = 32_768;
  private static final int MEMORY_BYTES = 49_152;

  public final SrtpProfile profile;
  public final byte[] masterKey;
  public final byte[] masterSalt;
  public final SrtpSender sender;
  public final SrtpReceiver receiver;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory = arena.allocate(MEMORY_BYTES);

  /** @param ciphers not of a worker: each packet is complete at once */
  public SrtpPair(SrtpCipherFactory ciphers, SrtpProfile profile, RandomGenerator random, int maxStreams) {
    this.profile = profile;
    masterKey = new byte[profile.keyBytes];
    masterSalt = new byte[profile.saltBytes];
    random.nextBytes(masterKey);
    random.nextBytes(masterSalt);
    sender = new SrtpSender(ciphers.create(profile, masterKey, masterSalt), maxStreams);
    receiver = new SrtpReceiver(profile, ciphers.create(profile, masterKey, masterSalt), maxStreams);
  }

  /** The SRTP packet, or nothing with the reason in {@link #reason}. */
  public byte[] protectRtp(byte[] plain) {
    int headerBytes = SrtpPacket.rtpHeaderBytes(MemorySegment.ofArray(plain), 0, plain.length);
    int payloadBytes = plain.length - headerBytes;
    MemorySegment.copy(plain, 0, memory, JAVA_BYTE, HEADER, headerBytes);
    MemorySegment.copy(plain, headerBytes, memory, JAVA_BYTE, PAYLOAD, payloadBytes);
    return result(sender.protectRtp(memory, HEADER, headerBytes, PAYLOAD, payloadBytes, PACKET));
  }

  public byte[] protectRtcp(byte[] plain) {
    MemorySegment.copy(plain, 0, memory, JAVA_BYTE, PACKET, plain.length);
    return result(sender.protectRtcp(memory, PACKET, plain.length));
  }

  public byte[] unprotectRtp(byte[] packet) {
    MemorySegment.copy(packet, 0, memory, JAVA_BYTE, PACKET, packet.length);
    return result(receiver.unprotectRtp(memory, PACKET, packet.length));
  }

  public byte[] unprotectRtcp(byte[] packet) {
    MemorySegment.copy(packet, 0, memory, JAVA_BYTE, PACKET, packet.length);
    return result(receiver.unprotectRtcp(memory, PACKET, packet.length));
  }

  /** Negative result of the last call, or 0. */
  public int reason;

  private byte[] result(int length) {
    reason = Math.min(length, 0);
    return length < 0 ? new byte[0] : Arrays.copyOf(memory.asSlice(PACKET, length).toArray(JAVA_BYTE), length);
  }

  @Override
  public void close() {
    sender.close();
    receiver.close();
    arena.close();
  }
}
