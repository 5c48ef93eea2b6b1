package dev.tapedeck.bench.client.media;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The end of a payload made for load, which says when the packet was to leave. The time is that of the plan and not of the
 * send: what a late generator adds is part of what a viewer waits, and is not left out (coordinated omission).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    magic, "TDLT" in ASCII                     |
 * |                                                               |
 * +        time of the plan, System.nanoTime of the sender        +
 * |                                                               |
 * |                                                               |
 * +                 number of the packet, from 0                  +
 * |                                                               |
 * |       CRC32C of the payload from byte 16 to this field        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The first bytes are not in the checksum, because a server may rewrite a codec's descriptor there. Reused; not safe
 * for several threads.
 */
public final class SendStamp {
  /** Room for a descriptor, and the stamp. */
  public static final int MIN_PAYLOAD_BYTES = 44;

  private static final int STAMP_BYTES = 24;
  private static final int UNCHECKED_BYTES = 16;
  private static final int MAGIC = 0x54444c54;
  private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final CRC32C crc = new CRC32C();
  private long plannedNanos;
  private long number;

  /** Overwrites the last bytes of a payload of {@link #MIN_PAYLOAD_BYTES} or more. */
  public void write(byte[] payload, int payloadBytes, long plannedNanosOfPacket, long numberOfPacket) {
    int at = payloadBytes - STAMP_BYTES;
    U32.set(payload, at, MAGIC);
    U64.set(payload, at + 4, plannedNanosOfPacket);
    U64.set(payload, at + 12, numberOfPacket);
    U32.set(payload, at + 20, checksum(payload, 0, payloadBytes));
  }

  /**
   * Reads the stamp at the end of a payload and checks the whole of it.
   *
   * @return false if there is none, or a byte is not as it was sent; the values then mean nothing
   */
  public boolean read(byte[] data, int offset, int payloadBytes) {
    int at = offset + payloadBytes - STAMP_BYTES;
    if (payloadBytes < MIN_PAYLOAD_BYTES || (int) U32.get(data, at) != MAGIC
        || (int) U32.get(data, at + 20) != checksum(data, offset, payloadBytes)) {
      return false;
    }
    plannedNanos = (long) U64.get(data, at + 4);
    number = (long) U64.get(data, at + 12);
    return true;
  }

  private int checksum(byte[] data, int offset, int payloadBytes) {
    crc.reset();
    crc.update(data, offset + UNCHECKED_BYTES, payloadBytes - UNCHECKED_BYTES - Integer.BYTES);
    return (int) crc.getValue();
  }

  /** When the packet read last was to leave. */
  public long plannedNanos() {
    return plannedNanos;
  }

  /** Which packet of its stream it is. */
  public long number() {
    return number;
  }
}
