package dev.tapedeck.protocol.border;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoreBorderTest {
  @Test
  void everyRuleFindsItsOffender() {
    JavaClasses offender = new ClassFileImporter().importPackages("dev.tapedeck.protocol.border.core");
    List<ArchRule> rules = CoreBorder.rules("dev.tapedeck.protocol..core..");

    assertThat(rules).allMatch(rule -> rule.evaluate(offender).hasViolation());
    assertThat(rules.getFirst().evaluate(offender).getFailureReport().getDetails().toString())
        .contains("DatagramSocket", "DatagramChannel", "Files", "Thread", "ConcurrentHashMap", "LoggerFactory");
  }
}
