package dev.tapedeck.media.io.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WriteBackTest {
  @TempDir private Path folder;

  /** What was written early is forced as well, and is not written twice. */
  @Test
  void changesNoByte() throws Exception {
    byte[] bytes = new byte[11 << 20];
    new Random(1).nextBytes(bytes);
    try (FolderDisk disk = new FolderDisk(folder); SpoolDisk.SegmentFile file = disk.create("0.tds")) {
      for (int at = 0; at < bytes.length; at += 1 << 20) {
        file.append(ByteBuffer.wrap(bytes, at, 1 << 20));
      }
      file.force();
      file.append(ByteBuffer.wrap(bytes));
    }
    byte[] read = Files.readAllBytes(folder.resolve("0.tds"));
    assertThat(read).hasSize(2 * bytes.length).startsWith(bytes).endsWith(bytes);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void isThereOnLinux() throws Exception {
    Path file = Files.write(folder.resolve("some"), new byte[100_000]);
    Optional<WriteBack> writeBack = WriteBack.of(file);
    assertThat(writeBack).isPresent();
    assertThat(writeBack.get().begin(0, 100_000)).isTrue();
    writeBack.get().close();
    assertThat(WriteBack.of(folder.resolve("none"))).isEmpty();
  }
}
