package dev.tapedeck.media.io.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** A spool's folder that is only looked at, whoever holds it. */
final class ReadOnlyFolder implements SpoolDisk {
  private final Path folder;

  ReadOnlyFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Override
  public SegmentFile open(String name) throws IOException {
    return new ReadOnlyFile(FileChannel.open(folder.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public SegmentFile create(String name) throws IOException {
    throw refused();
  }

  @Override
  public void delete(String name) throws IOException {
    throw refused();
  }

  /** There is nothing of ours to be forced. */
  @Override
  public void forceNames() {}

  @Override
  public long usableBytes() {
    return 0;
  }

  @Override
  public void close() {}

  private static IOException refused() {
    return new IOException("the spool is only being looked at");
  }

  private record ReadOnlyFile(FileChannel channel) implements SegmentFile {
    @Override
    public void append(ByteBuffer... parts) throws IOException {
      throw refused();
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      FolderDisk.read(channel, into, at);
    }

    @Override
    public long bytes() throws IOException {
      return channel.size();
    }

    @Override
    public void force() {}

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
