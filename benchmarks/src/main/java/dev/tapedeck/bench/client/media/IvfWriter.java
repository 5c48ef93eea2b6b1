package dev.tapedeck.bench.client.media;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes an IVF file as {@link IvfReader} reads it; the frame count in the header stays 0, meaning unknown. */
public final class IvfWriter implements AutoCloseable {
  private final OutputStream output;

  /**
   * @param fourcc four ASCII letters
   * @param rate   units of time per second, where one unit is {@code scale} long
   */
  public IvfWriter(Path file, String fourcc, int width, int height, int rate, int scale) throws IOException {
    output = new BufferedOutputStream(Files.newOutputStream(file));
    ByteBuffer header = ByteBuffer.allocate(IvfReader.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put("DKIF".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putShort((short) IvfReader.HEADER_BYTES);
    header.put(fourcc.getBytes(StandardCharsets.US_ASCII)).putShort((short) width).putShort((short) height);
    header.putInt(rate).putInt(scale);
    output.write(header.array());
  }

  public void write(IvfFrame frame) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(IvfReader.FRAME_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(frame.data().length).putLong(frame.pts());
    output.write(header.array());
    output.write(frame.data());
  }

  @Override
  public void close() throws IOException {
    output.close();
  }
}
