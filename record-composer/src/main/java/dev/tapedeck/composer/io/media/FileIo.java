package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FORCE;
import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Lets libav read or write one {@link FileChannel} of ours, so that none of its own protocols is ever opened.
 *  The channel belongs to the caller. An exception inside a callback cannot cross native code: it is kept, libav gets
 *  an error code, and {@link #explain} joins the two again. */
final class FileIo implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int INPUT_OUTPUT_ERROR = -5;

  // JavaCPP has room for few callback objects of a kind, so there is one of each and libav's opaque pointer carries
  // the number of the FileIo meant.
  private static final Reader READER = new Reader();
  private static final Writer WRITER = new Writer();
  private static final Seeker SEEKER = new Seeker();
  private static final Map<Long, FileIo> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_NUMBER = new AtomicLong(1);

  private final long number = NEXT_NUMBER.getAndIncrement();
  private final FileChannel channel;
  private final AVIOContext context;
  private Throwable failure;

  static FileIo reading(FileChannel channel) throws MediaException {
    return new FileIo(channel, false);
  }

  static FileIo writing(FileChannel channel) throws MediaException {
    return new FileIo(channel, true);
  }

  private FileIo(FileChannel channel, boolean writes) throws MediaException {
    this.channel = channel;
    BytePointer buffer = new BytePointer(Libav.require(av_malloc(BUFFER_BYTES), "allocate file buffer"));
    context = avio_alloc_context(buffer, BUFFER_BYTES, writes ? 1 : 0, new Number(number),
        writes ? null : READER, writes ? WRITER : null, SEEKER);
    if (context == null || context.isNull()) {
      av_free(buffer);
      throw new MediaException("open file for libav: out of memory");
    }
    OPEN.put(number, this);
  }

  AVIOContext context() {
    return context;
  }

  /** @return {@code e} with the file's own failure as its cause, where there was one */
  MediaException explain(MediaException e) {
    return failure == null ? e : new MediaException(e.getMessage() + " (" + failure.getMessage() + ")", failure);
  }

  @Override
  public void close() {
    OPEN.remove(number);
    av_free(context.buffer());
    avio_context_free(context);
  }

  private int read(BytePointer buffer, int size) throws IOException {
    int bytes = channel.read(view(buffer, size));
    return bytes <= 0 ? AVERROR_EOF : bytes;
  }

  private int write(BytePointer buffer, int size) throws IOException {
    ByteBuffer bytes = view(buffer, size);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return size;
  }

  private long seek(long offset, int whence) throws IOException {
    if ((whence & AVSEEK_SIZE) != 0) {
      return channel.size();
    }
    long target = switch (whence & ~AVSEEK_FORCE) {
      case 0 -> offset;
      case 1 -> channel.position() + offset;
      case 2 -> channel.size() + offset;
      default -> -1;
    };
    if (target < 0) {
      return INPUT_OUTPUT_ERROR;
    }
    channel.position(target);
    return target;
  }

  private static ByteBuffer view(BytePointer buffer, int size) {
    return buffer.capacity(size).asByteBuffer();
  }

  private interface Call {
    long on(FileIo file) throws IOException;
  }

  private static long dispatch(Pointer opaque, Call call) {
    FileIo file = OPEN.get(opaque.address());
    if (file == null) {
      return INPUT_OUTPUT_ERROR;
    }
    try {
      return call.on(file);
    } catch (IOException | RuntimeException e) {
      file.failure = e;
      return INPUT_OUTPUT_ERROR;
    }
  }

  private static final class Reader extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer buffer, int size) {
      return (int) dispatch(opaque, file -> file.read(buffer, size));
    }
  }

  private static final class Writer extends Write_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer buffer, int size) {
      return (int) dispatch(opaque, file -> file.write(buffer, size));
    }
  }

  private static final class Seeker extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      return dispatch(opaque, file -> file.seek(offset, whence));
    }
  }

  /** A number that travels as the address of a pointer nobody follows. */
  private static final class Number extends Pointer {
    Number(long number) {
      address = number;
    }
  }
}
