package dev.tapedeck.standalone.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.composer.ComposerConfig;
import dev.tapedeck.connector.ConnectorConfig;
import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.protocol.config.ConfigKeys;
import dev.tapedeck.standalone.StandaloneConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents name exists: files they link to, commands, settings, classes, routes. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern COMMAND = Pattern.compile("\\./tapedeck ([a-z][a-z-]*)");
  private static final Pattern SETTING = Pattern.compile("--([a-z][a-z-]*(?:\\.[a-z][a-z-]*)+)");
  /** Two humps at least, so that plain words and names of products are left alone. */
  private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+)`");
  /** Pages that speak of our classes alone; the others name those of libraries and of the wire too. */
  private static final Set<String> PAGES_OF_CODE = Set.of("docs/architecture.md", "docs/recording.md",
      "media-server/README.md", "connector/README.md", "record-composer/README.md", "protocol/README.md",
      "deploy/standalone/README.md", "proofs/README.md");

  private final Documents documents = Documents.find();

  @Test
  void linksLeadToFilesAndHeadings() {
    List<String> broken = new ArrayList<>();
    for (Path page : documents.pages()) {
      matches(LINK, Documents.read(page)).map(match -> match.group(1))
          .filter(link -> !link.matches("[a-z]+:.*"))
          .filter(link -> !leadsSomewhere(page, link))
          .forEach(link -> broken.add(documents.nameOf(page) + ": " + link));
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void commandsAreThoseOfTheLauncher() {
    String launcher = documents.read("tapedeck");
    Set<String> known = matches(Pattern.compile("(?m)^  ([a-z][a-z|-]*)\\)"), launcher)
        .flatMap(match -> Stream.of(match.group(1).split("\\|")))
        .collect(Collectors.toSet());
    assertThat(known).contains("demo", "standalone", "test");
    assertThat(mentioned(COMMAND)).isSubsetOf(known);
  }

  @Test
  void settingsAreThoseOfThePrograms() {
    List<Pattern> known = Stream.of(StandaloneConfig.class, MediaConfig.class, ConnectorConfig.class, ComposerConfig.class)
        .flatMap(type -> ConfigKeys.of(type).stream())
        .map(key -> Pattern.compile(Pattern.quote(key.pattern()).replace("<name>", "\\E[a-z-]+\\Q")))
        .toList();
    Set<String> unknown = mentioned(SETTING).stream()
        .filter(setting -> known.stream().noneMatch(pattern -> pattern.matcher(setting).matches()))
        .collect(Collectors.toSet());
    assertThat(unknown).isEmpty();
  }

  @Test
  void classesExist() {
    Set<String> known = documents.typeNames();
    List<String> missing = new ArrayList<>();
    for (String page : PAGES_OF_CODE) {
      List<String> named = matches(CLASS_NAME, documents.read(page)).map(match -> match.group(1)).toList();
      assertThat(named).as(page).isNotEmpty();
      named.stream().filter(name -> !known.contains(name)).forEach(name -> missing.add(page + ": " + name));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void apiPageNamesEveryOperation() throws IOException {
    String page = documents.read("docs/api.md");
    for (String openApi : List.of("media-server/src/main/resources/openapi/media-server.json",
        "connector/src/main/resources/openapi/connector.json",
        "record-composer/src/main/resources/composer/openapi.json")) {
      for (String operation : operations(openApi)) {
        assertThat(page).as("docs/api.md names every operation of " + openApi).contains(operation);
      }
    }
  }

  private List<String> operations(String openApi) throws IOException {
    JsonNode paths = new ObjectMapper().readTree(documents.read(openApi)).get("paths");
    List<String> operations = new ArrayList<>();
    paths.properties().forEach(path -> path.getValue().properties().stream()
        .map(member -> member.getKey().toUpperCase(Locale.ROOT))
        .filter(Set.of("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH")::contains)
        .forEach(method -> operations.add("`" + method + " " + path.getKey() + "`")));
    assertThat(operations).isNotEmpty();
    return operations;
  }

  private Set<String> mentioned(Pattern pattern) {
    return documents.pages().stream()
        .flatMap(page -> matches(pattern, Documents.read(page)))
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  private static boolean leadsSomewhere(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    boolean needsHeading = parts.length == 2 && target.toString().endsWith(".md");
    return Files.exists(target) && (!needsHeading || headings(target).contains(parts[1]));
  }

  /** Anchors as code hosts make them: lower case, '-' for blanks, other marks dropped. */
  private static Set<String> headings(Path page) {
    return matches(HEADING, Documents.read(page))
        .map(match -> match.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Stream<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList().stream();
  }
}
