package dev.tapedeck.bench.client.media;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads an IVF file, frame by frame. All integers are little-endian.
 *
 * <pre>
 * header, 32 bytes:  "DKIF" | u16 version | u16 header bytes | fourcc | u16 width | u16 height
 *                    | u32 rate | u32 scale | u32 frames | u32 unused
 * frame, 12 bytes:   u32 bytes | u64 pts in units of scale/rate seconds, then the data
 * </pre>
 */
public final class IvfReader implements AutoCloseable {
  static final int HEADER_BYTES = 32;
  static final int FRAME_HEADER_BYTES = 12;
  /** A frame larger than this is a broken file. */
  private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

  private final InputStream input;
  private final String fourcc;
  private final int width;
  private final int height;
  private final long rate;
  private final long scale;

  public IvfReader(Path file) throws IOException {
    this(new BufferedInputStream(Files.newInputStream(file)));
  }

  /** @throws IOException if it is no IVF file */
  public IvfReader(InputStream input) throws IOException {
    this.input = input;
    ByteBuffer header = read(HEADER_BYTES);
    byte[] magic = new byte[4];
    header.get(magic);
    if (!new String(magic, StandardCharsets.US_ASCII).equals("DKIF")) {
      throw new IOException("no IVF file: it does not begin with DKIF");
    }
    int headerBytes = header.getShort(6) & 0xffff;
    byte[] code = new byte[4];
    header.get(8, code);
    fourcc = new String(code, StandardCharsets.US_ASCII);
    width = header.getShort(12) & 0xffff;
    height = header.getShort(14) & 0xffff;
    rate = header.getInt(16) & 0xffffffffL;
    scale = header.getInt(20) & 0xffffffffL;
    if (rate == 0 || scale == 0) {
      throw new IOException("IVF time base is " + scale + "/" + rate + " s; both must be above 0");
    }
    input.skipNBytes(Math.max(0, headerBytes - HEADER_BYTES));
  }

  /** {@code VP80} for VP8, {@code OPUS} for Opus. */
  public String fourcc() {
    return fourcc;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Media time of a frame in ticks of a clock rate, rounded down. */
  public long ticks(long pts, int clockRate) {
    return Math.multiplyExact(Math.multiplyExact(pts, scale), clockRate) / rate;
  }

  /** The next frame, empty at the end of the file.
   *  @throws IOException if the file ends within a frame */
  public Optional<IvfFrame> next() throws IOException {
    int first = input.read();
    if (first < 0) {
      return Optional.empty();
    }
    byte[] header = new byte[FRAME_HEADER_BYTES];
    header[0] = (byte) first;
    if (input.readNBytes(header, 1, FRAME_HEADER_BYTES - 1) != FRAME_HEADER_BYTES - 1) {
      throw new EOFException("IVF file ends within a frame header");
    }
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int bytes = fields.getInt();
    if (bytes < 0 || bytes > MAX_FRAME_BYTES) {
      throw new IOException("IVF frame of " + Integer.toUnsignedString(bytes) + " bytes, more than " + MAX_FRAME_BYTES);
    }
    byte[] data = new byte[bytes];
    if (input.readNBytes(data, 0, bytes) != bytes) {
      throw new EOFException("IVF file ends within a frame of " + bytes + " bytes");
    }
    return Optional.of(new IvfFrame(fields.getLong(), data));
  }

  private ByteBuffer read(int bytes) throws IOException {
    byte[] data = new byte[bytes];
    if (input.readNBytes(data, 0, bytes) != bytes) {
      throw new EOFException("no IVF file: shorter than its header of " + bytes + " bytes");
    }
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
