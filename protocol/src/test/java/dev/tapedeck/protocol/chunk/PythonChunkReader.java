package dev.tapedeck.protocol.chunk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs {@code read_chunk.py}, the second reader, which was written from docs/chunk-format.md alone and therefore can
 * judge what Java wrote.
 */
public final class PythonChunkReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SCRIPT = "/read_chunk.py";

  private PythonChunkReader() {}

  /**
   * Reads chunk files with one interpreter.
   *
   * @param folder where the script may be put
   * @return for each file, in order: its header (unless unreadable), its entries, its end
   */
  public static Map<Path, List<JsonNode>> read(Path folder, List<Path> chunks)
      throws IOException, InterruptedException {
    Path script = folder.resolve("read_chunk.py");
    try (InputStream in = PythonChunkReader.class.getResourceAsStream(SCRIPT)) {
      Files.write(script, in.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of("python3", script.toString(), "--payload"));
    chunks.forEach(chunk -> command.add(chunk.toString()));
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<Path, List<JsonNode>> lines = new LinkedHashMap<>();
    chunks.forEach(chunk -> lines.put(chunk, new ArrayList<>()));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() > 1) {
      throw new IOException("read_chunk.py ended with status " + process.exitValue());
    }
    for (String line : output.lines().toList()) {
      JsonNode node = JSON.readTree(line);
      lines.get(Path.of(node.get("file").asText())).add(node);
    }
    return lines;
  }
}
