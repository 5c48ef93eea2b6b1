package dev.tapedeck.composer.io.media;

import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;

import dev.tapedeck.composer.core.media.EncodedFrame;
import dev.tapedeck.composer.core.media.MediaCodec;
import dev.tapedeck.composer.core.media.StreamInfo;
import dev.tapedeck.composer.core.media.TimeBase;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;

/** Writes encoded frames into one seekable media file, with duration, index and true dimensions.
 *  The file grows under the name {@code <name>.part} and gets its own name in {@link #finish}; closing without that
 *  deletes it, so a file that has its name is whole. Same frames, same bytes. Owned by one thread. */
public final class Muxer implements AutoCloseable {
  /** AVFMT_FLAG_BITEXACT and AVFMT_FLAG_CUSTOM_IO of avformat.h, which the binding does not name. */
  private static final int FLAG_BITEXACT = 0x0400;
  private static final int FLAG_CUSTOM_IO = 0x0080;

  private final Path path;
  private final Path partPath;
  private final FileChannel channel;
  private final FileIo file;
  private final Packet packet;
  private final AVFormatContext context = new AVFormatContext(null);
  private final List<TimeBase> timeBases = new ArrayList<>();
  private final long[] lastTicks;
  private boolean finished;

  /** Opens the file and writes its header.
   *  @param path    final name; an existing file is replaced by {@link #finish}
   *  @param streams one or more, in the order of the indices of {@link #write}
   *  @throws MediaException if the container cannot carry a stream, or a codec header is missing
   *  @throws IOException    if the file cannot be made */
  public static Muxer open(Path path, Container container, List<StreamInfo> streams) throws IOException {
    for (StreamInfo stream : streams) {
      requireFit(path, container, stream);
    }
    Path partPath = path.resolveSibling(path.getFileName() + ".part");
    FileChannel channel = FileChannel.open(partPath, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ, StandardOpenOption.WRITE);
    Muxer muxer = new Muxer(path, partPath, channel, streams.size());
    try {
      muxer.writeHeader(container, streams);
      return muxer;
    } catch (IOException e) {
      muxer.close();
      throw e;
    }
  }

  private static void requireFit(Path path, Container container, StreamInfo stream) throws MediaException {
    if (!container.carries(stream.codec())) {
      throw new MediaException(path.getFileName() + ": " + container + " cannot carry " + stream.codec());
    }
    boolean needsHeader = stream.codec() == MediaCodec.OPUS || stream.codec() == MediaCodec.H264
        || stream.codec() == MediaCodec.AV1;
    if (needsHeader && stream.extradata().length == 0) {
      // libav notices this late or not at all, and leaves a file nobody can play.
      throw new MediaException(path.getFileName() + ": " + stream.codec() + " needs its codec header (extradata)");
    }
  }

  private Muxer(Path path, Path partPath, FileChannel channel, int streamCount) throws IOException {
    this.path = path;
    this.partPath = partPath;
    this.channel = channel;
    this.file = FileIo.writing(channel);
    this.packet = new Packet();
    this.lastTicks = new long[streamCount];
    Arrays.fill(lastTicks, Long.MIN_VALUE);
  }

  private void writeHeader(Container container, List<StreamInfo> streams) throws IOException {
    check(avformat_alloc_output_context2(context, null, container.format(), null), "open muxer " + container);
    context.pb(file.context());
    context.flags(context.flags() | FLAG_CUSTOM_IO | FLAG_BITEXACT);
    for (StreamInfo info : streams) {
      AVStream stream = Libav.require(avformat_new_stream(context, null), "add stream");
      CodecParameters.fill(stream.codecpar(), info);
    }
    try (Options none = new Options()) {
      check(avformat_write_header(context, none.dictionary()), "write header of " + path.getFileName());
    }
    for (int i = 0; i < streams.size(); i++) {
      AVStream stream = context.streams(i);
      timeBases.add(new TimeBase(stream.time_base().num(), stream.time_base().den()));
    }
  }

  /** Appends a frame. Frames of one stream come in presentation order; streams alternate by time, roughly.
   *  Of two frames that fall on the same tick of the file's clock the later moves one tick on. */
  public void write(int streamIndex, EncodedFrame frame) throws IOException {
    AVPacket native_ = packet.of(frame, timeBases.get(streamIndex));
    native_.stream_index(streamIndex);
    if (native_.pts() <= lastTicks[streamIndex]) {
      native_.pts(lastTicks[streamIndex] + 1).dts(lastTicks[streamIndex] + 1);
    }
    lastTicks[streamIndex] = native_.pts();
    check(av_write_frame(context, native_), "write frame at " + frame.ptsNanos() / 1_000_000 + " ms to "
        + path.getFileName());
  }

  /** Completes the file, forces it to the disk and gives it its name. */
  public void finish() throws IOException {
    check(av_write_trailer(context), "write trailer of " + path.getFileName());
    release();
    Files.move(partPath, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      release();
      Files.deleteIfExists(partPath);
    }
  }

  private void release() throws IOException {
    finished = true;
    avformat_free_context(context);
    packet.close();
    file.close();
    try (channel) {
      channel.force(true);
    }
  }

  private void check(int code, String step) throws MediaException {
    try {
      Libav.check(code, step);
    } catch (MediaException e) {
      throw file.explain(e);
    }
  }
}
