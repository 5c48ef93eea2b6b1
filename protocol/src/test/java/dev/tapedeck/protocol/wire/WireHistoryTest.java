package dev.tapedeck.protocol.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Media server and connector work one release apart: each field and each value that the first release spoke is still what it
 * was, with its number, name and type. What is added stands in no file until a release has spoken it; then that release
 * gets a file of its own beside this one, and none is ever written anew.
 */
class WireHistoryTest {
  private static final String FIRST = "/wire/v1.txt";
  private static final List<FileDescriptor> FILES =
      List.of(ConnectorProto.getDescriptor(), HookProto.getDescriptor(), SharedProto.getDescriptor());

  @Test
  void everythingTheFirstReleaseSpokeMeansWhatItMeant() throws IOException {
    assertThat(spoken()).containsAll(resource(FIRST));
  }

  /** Made once; kept so that one can read how. */
  @Test
  @EnabledIfSystemProperty(named = "tapedeck.write-golden-wire", matches = "true")
  void writeGolden() throws IOException {
    Path file = Path.of("src/test/resources" + FIRST);
    Files.createDirectories(file.getParent());
    Files.write(file, spoken());
  }

  /** One line for each field and each value of an enumeration, sorted. */
  private static TreeSet<String> spoken() {
    TreeSet<String> lines = new TreeSet<>();
    for (FileDescriptor file : FILES) {
      file.getMessageTypes().forEach(message -> speak(message, lines));
      file.getEnumTypes().forEach(type -> speak(type, lines));
    }
    return lines;
  }

  private static void speak(Descriptor message, TreeSet<String> lines) {
    for (FieldDescriptor field : message.getFields()) {
      String oneOf = field.getRealContainingOneof() == null ? "" : " of " + field.getRealContainingOneof().getName();
      lines.add(field.getFullName() + " = " + field.getNumber() + (field.isRepeated() ? " repeated " : " ") + type(field)
          + oneOf);
    }
    message.getNestedTypes().forEach(nested -> speak(nested, lines));
    message.getEnumTypes().forEach(type -> speak(type, lines));
  }

  private static void speak(EnumDescriptor type, TreeSet<String> lines) {
    type.getValues().forEach(value -> lines.add(type.getFullName() + "." + value.getName() + " = " + value.getNumber()));
  }

  private static String type(FieldDescriptor field) {
    if (field.getJavaType() == JavaType.MESSAGE) {
      return field.getMessageType().getFullName();
    }
    return field.getJavaType() == JavaType.ENUM ? field.getEnumType().getFullName()
        : field.getType().name().toLowerCase(Locale.ROOT);
  }

  private static List<String> resource(String name) throws IOException {
    try (InputStream in = WireHistoryTest.class.getResourceAsStream(name); Stream<String> lines =
        new String(in.readAllBytes(), UTF_8).lines()) {
      return lines.toList();
    }
  }
}
