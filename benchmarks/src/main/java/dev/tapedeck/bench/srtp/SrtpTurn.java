package dev.tapedeck.bench.srtp;

import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.core.srtp.SrtpReceiver;
import dev.tapedeck.media.core.srtp.SrtpSender;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a worker encrypts in one turn: a frame of a few packets, for each of its receivers, one receiver after the other
 * into memory that is sent and reused every 64 KiB. And the way back, as the publisher's packets come in.
 */
public final class SrtpTurn implements AutoCloseable {
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int HEADER_BYTES = 12;
  private static final int SLOT_BYTES = 2048;
  private static final long SENT_TOGETHER_BYTES = 64 << 10;
  private static final long SEED = 3711;

  /** Packets that {@link #receive} writes and {@link #unprotect} reads. */
  static final int RECEIVED_PACKETS = 64;

  private final Arena arena = Arena.ofConfined();
  private final SrtpCipherFactory worker;
  private final List<SrtpSender> receivers = new ArrayList<>();
  private final SrtpSender publisher;
  private final SrtpReceiver fromPublisher;
  private final int burst;
  private final int payloadBytes;
  private final MemorySegment memory;
  private final long output;

  /** Shared by both directions, so each skips what the other takes: at most a turn of 64 and back again. */
  private int sequence;

  /**
   * @param receivers   to whom each packet goes, 1 or more
   * @param burst       packets of a turn, 1 or more
   * @param packetBytes of the RTP packet before it is encrypted, 12 to 1500
   */
  public SrtpTurn(SrtpCipherFactory ciphers, SrtpProfile profile, int receivers, int burst, int packetBytes) {
    this.burst = burst;
    payloadBytes = packetBytes - HEADER_BYTES;
    worker = ciphers.forWorker();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < receivers; i++) {
      SrtpSender sender = new SrtpSender(worker.create(profile, bytes(random, profile.keyBytes),
          bytes(random, profile.saltBytes)), 1);
      sender.moveIn(worker);
      this.receivers.add(sender);
    }
    byte[] key = bytes(random, profile.keyBytes);
    byte[] salt = bytes(random, profile.saltBytes);
    publisher = new SrtpSender(ciphers.create(profile, key, salt), 1);
    fromPublisher = new SrtpReceiver(profile, worker.create(profile, key, salt), 1);
    output = (long) burst * SLOT_BYTES;
    memory = arena.allocate(output + SENT_TOGETHER_BYTES + (long) RECEIVED_PACKETS * SLOT_BYTES, 64);
    for (int i = 0; i < burst; i++) {
      MemorySegment.copy(bytes(random, packetBytes), 0, memory, ValueLayout.JAVA_BYTE, i * SLOT_BYTES, packetBytes);
      memory.set(ValueLayout.JAVA_BYTE, i * SLOT_BYTES, (byte) 0x80);
      memory.set(INT, i * SLOT_BYTES + 8, 1);
    }
  }

  private static byte[] bytes(SplittableRandom random, int count) {
    byte[] result = new byte[count];
    random.nextBytes(result);
    return result;
  }

  /** Encrypts one turn; the last packet is complete when this returns. */
  public void protect() {
    for (int i = 0; i < burst; i++) {
      memory.set(SHORT, (long) i * SLOT_BYTES + 2, (short) sequence++);
    }
    long at = output;
    for (int r = 0; r < receivers.size(); r++) {
      if (at - output >= SENT_TOGETHER_BYTES) {
        worker.completePackets();
        at = output;
      }
      SrtpSender receiver = receivers.get(r);
      for (int i = 0; i < burst; i++) {
        long plain = (long) i * SLOT_BYTES;
        at += receiver.protectRtp(memory, plain, HEADER_BYTES, plain + HEADER_BYTES, payloadBytes, at);
      }
    }
    worker.completePackets();
  }

  /** Encrypts what {@link #unprotect} is to decrypt. */
  public void receive() {
    for (int i = 0; i < RECEIVED_PACKETS; i++) {
      memory.set(SHORT, 2, (short) sequence++);
      publisher.protectRtp(memory, 0, HEADER_BYTES, HEADER_BYTES, payloadBytes, output + (long) i * SLOT_BYTES);
    }
  }

  /** @return packets that were decrypted, all of them unless something is wrong */
  public int unprotect(int tagBytes) {
    int good = 0;
    for (int i = 0; i < RECEIVED_PACKETS; i++) {
      int bytes = HEADER_BYTES + payloadBytes;
      if (fromPublisher.unprotectRtp(memory, output + (long) i * SLOT_BYTES, bytes + tagBytes) == bytes) {
        good++;
      }
    }
    return good;
  }

  @Override
  public void close() {
    receivers.forEach(SrtpSender::close);
    publisher.close();
    fromPublisher.close();
    arena.close();
  }
}
