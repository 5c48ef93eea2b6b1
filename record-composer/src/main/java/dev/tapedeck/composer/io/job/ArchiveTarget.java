package dev.tapedeck.composer.io.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Several files for a target that takes only one: a zip archive, made on the disk and sent when it is whole. */
public final class ArchiveTarget implements OutputTarget {
  private static final String CONTENT_TYPE = "application/zip";

  private final OutputTarget target;
  private final Path archive;
  private final ZipOutputStream zip;

  public ArchiveTarget(OutputTarget target, Path workFolder) throws IOException {
    this.target = target;
    this.archive = Files.createTempFile(workFolder, "archive-", ".zip");
    this.zip = new ZipOutputStream(Files.newOutputStream(archive));
    zip.setLevel(Deflater.NO_COMPRESSION); // media does not get smaller
  }

  @Override
  public String put(String name, Path file, String contentType) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    Files.copy(file, zip);
    zip.closeEntry();
    return name;
  }

  @Override
  public void finish() throws IOException {
    zip.close();
    target.put("transmux.zip", archive, CONTENT_TYPE);
  }

  @Override
  public void close() throws IOException {
    zip.close();
    Files.deleteIfExists(archive);
    target.close();
  }
}
