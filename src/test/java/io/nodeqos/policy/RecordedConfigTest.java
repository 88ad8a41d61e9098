// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nodeqos.node.Keys;
import io.nodeqos.policy.spec.Section;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedConfigTest {
  private static final PolicyObject P =
      policy("p", "{'quota': {'classes': [{'name': 'gold'}]}, 'warmUp': {'nodeReady': {}}}");
  private static final PolicyObject Q = policy("q", "{'reservation': {'cpu': '1'}}");
  private static final Map<String, Object> VALUES =
      Map.of("quota", Map.of("classes", 1), "reservation", Map.of("cpu", "1"));

  @Test
  void keptSectionCountsInTheVersionAfterItsPolicyIsDeleted() {
    CompiledConfig both = catalog(P, Q).snapshot().compile(node("n").build());
    String written = ConfigAnnotation.write(both, VALUES);
    RecordedConfig recorded = RecordedConfig.of(written);
    assertEquals(
        Set.of(Section.QUOTA, Section.RESERVATION, Section.WARM_UP), recorded.sections().keySet());

    CompiledConfig alone = catalog(Q).snapshot().compile(node("n").build());
    assertNotEquals(both.version(), alone.version());
    CompiledConfig kept =
        alone.withRetained(
            Map.of(
                Section.QUOTA, recorded.sections().get(Section.QUOTA),
                Section.WARM_UP, recorded.sections().get(Section.WARM_UP)));
    assertEquals(both.version(), kept.version());
    assertTrue(kept.keeps(Section.QUOTA));
    assertFalse(kept.keeps(Section.RESERVATION));
    assertEquals(written, ConfigAnnotation.write(kept, Map.of("reservation", Map.of("cpu", "1"))));
  }

  @Test
  void nodeRecordsAWarmUpPolicyWithRemoveWithoutConfiguration() {
    String spec = "'warmUp': {'nodeReady': {}}}";
    CompiledConfig keep = catalog(policy("p", "{" + spec)).snapshot().compile(node("n").build());
    CompiledConfig remove =
        catalog(
                policy("p", "{'deletionPolicy': 'Remove', " + spec)
                    .withFinalizers("10", List.of(Keys.FINALIZER)))
            .snapshot()
            .compile(node("n").build());
    assertFalse(keep.isRecorded());
    assertTrue(remove.isRecorded());
    assertEquals("{\"sources\":{\"warmUp\":\"p\"}}", ConfigAnnotation.write(remove, Map.of()));
  }

  @Test
  void sectionWithoutADigestIsComparedByItsValues() {
    RecordedConfig one = RecordedConfig.of("{'sources':{'quota':'p'},'quota':{'a':1}}");
    RecordedConfig other = RecordedConfig.of("{'sources':{'quota':'p'},'quota':{'a':2}}");
    assertNotEquals(
        one.sections().get(Section.QUOTA).digest(), other.sections().get(Section.QUOTA).digest());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"sources\":[]}",
        "{\"sources\":{\"quota\":3},\"quota\":{}}",
        "{\"sources\":{\"quota\":\"p\"}}",
        "{\"sources\":{\"theirs\":\"p\"},\"theirs\":{}}"
      })
  void foreignAnnotationHasNoSection(String annotation) {
    assertEquals(Map.of(), RecordedConfig.of(annotation).sections());
  }

  @Test
  void missingAnnotationHasNoSection() {
    assertEquals(Map.of(), RecordedConfig.of(null).sections());
  }
}
