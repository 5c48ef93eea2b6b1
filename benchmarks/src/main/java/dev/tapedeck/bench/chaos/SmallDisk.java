package dev.tapedeck.bench.chaos;

import dev.tapedeck.bench.lab.ToolRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A file system of its own and of fixed size, mounted where the spool lies, which can be filled up and emptied again. */
final class SmallDisk implements AutoCloseable {
  private static final int MEGABYTES = 96;
  private static final byte[] BLOCK = new byte[64 << 10];

  private final Path folder;
  /** Ctrl-C ends this JVM without closing anything; no mount may stay behind. */
  private final Thread unmount = new Thread(this::unmount, "unmount");

  private SmallDisk(Path folder) {
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(unmount);
  }

  /** Mounts it over the folder; empty where this process may not mount, as without root. */
  static Optional<SmallDisk> mount(Path folder) throws IOException {
    Files.createDirectories(folder);
    try {
      ToolRun mounted = ToolRun.of(
          List.of("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", folder.toString()));
      return mounted.exitCode() == 0 ? Optional.of(new SmallDisk(folder)) : Optional.empty();
    } catch (UncheckedIOException e) {
      return Optional.empty(); // no such command
    }
  }

  /** Takes every byte that is free. */
  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(ballast())) {
      while (true) {
        out.write(BLOCK);
      }
    } catch (IOException e) {
      if (Files.getFileStore(folder).getUsableSpace() >= BLOCK.length) {
        throw e;
      }
    }
  }

  void empty() throws IOException {
    Files.deleteIfExists(ballast());
  }

  @Override
  public void close() {
    unmount();
    Runtime.getRuntime().removeShutdownHook(unmount);
  }

  /** Lazily, because a program that was just killed may still be on its way out. */
  private void unmount() {
    ToolRun.of(List.of("umount", "--lazy", folder.toString())).requireSuccess();
  }

  private Path ballast() {
    return folder.resolve("ballast");
  }
}
