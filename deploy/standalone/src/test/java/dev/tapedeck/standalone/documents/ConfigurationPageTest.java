package dev.tapedeck.standalone.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.composer.ComposerConfig;
import dev.tapedeck.connector.ConnectorConfig;
import dev.tapedeck.media.MediaConfig;
import dev.tapedeck.protocol.config.ConfigKeys;
import dev.tapedeck.standalone.StandaloneConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The tables of docs/configuration.md are written from the records that read the configuration, never by hand. */
class ConfigurationPageTest {
  private static final String PAGE = "docs/configuration.md";
  private static final String MARK = "<!-- Everything below is generated; see ConfigurationPageTest. -->\n";
  private static final String WRITE = "tapedeck.write-docs";

  @Test
  void showsEveryKeyWithItsDefault() throws IOException {
    Documents documents = Documents.find();
    String page = documents.read(PAGE);
    assertThat(page).contains(MARK);
    String expected = page.substring(0, page.indexOf(MARK)) + MARK + tables();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(documents.file(PAGE), expected);
      return;
    }
    assertThat(page)
        .as("%s is not what the code says. Write it anew with: mvn -pl deploy/standalone -am test"
            + " -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -D%s=true", PAGE, WRITE)
        .isEqualTo(expected);
  }

  private static String tables() {
    Map<String, Class<? extends Record>> programs = new LinkedHashMap<>();
    programs.put("standalone", StandaloneConfig.class);
    programs.put("media-server", MediaConfig.class);
    programs.put("connector", ConnectorConfig.class);
    programs.put("composer worker", ComposerConfig.class);
    StringBuilder text = new StringBuilder();
    programs.forEach((name, type) -> {
      text.append("\n## ").append(name).append("\n\n| key | environment | default | meaning |\n|---|---|---|---|\n");
      ConfigKeys.of(type).forEach(key -> text.append(row(key)));
    });
    return text.toString();
  }

  private static String row(ConfigKeys.Key key) {
    String defaultValue = key.defaultValue().isEmpty() ? "none" : "`" + key.defaultValue() + "`";
    return "| `" + key.pattern() + "` | `" + key.environment() + "` | " + defaultValue + " | "
        + key.help().replace("|", "\\|").replace("<", "&lt;") + " |\n";
  }
}
