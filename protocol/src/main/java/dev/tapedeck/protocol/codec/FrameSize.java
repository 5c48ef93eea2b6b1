package dev.tapedeck.protocol.codec;

/** Width and height of a picture in one {@code int}, so that reading them allocates nothing. */
public final class FrameSize {
  public static final int UNKNOWN = 0;

  private FrameSize() {}

  /** @return the size, or {@link #UNKNOWN} if one side is not 1..65535 pixels */
  public static int of(int width, int height) {
    return width < 1 || width > 0xFFFF || height < 1 || height > 0xFFFF ? UNKNOWN : width << 16 | height;
  }

  /** Pixels, 0 when unknown. */
  public static int width(int size) {
    return size >>> 16;
  }

  /** Pixels, 0 when unknown. */
  public static int height(int size) {
    return size & 0xFFFF;
  }

  /** Pixels of the whole picture, to compare sizes by. */
  public static long pixels(int size) {
    return (long) width(size) * height(size);
  }
}
