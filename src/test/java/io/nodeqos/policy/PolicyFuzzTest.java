// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyDecoder.Decoded;
import io.nodeqos.policy.rollout.RolloutJson;
import io.nodeqos.policy.rollout.RolloutRequest;
import io.nodeqos.policy.spec.ConfigVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Whatever stands in a policy or in our annotations is understood, or refused without a crash. */
class PolicyFuzzTest {
  private static final String REVISION = "0123456789";
  private static final PolicyObject.Meta META = PolicyFixture.policy("p", "{}").meta();

  @FuzzTest
  void specIsValidOrRefusedInWords(byte[] bytes) {
    Optional<JsonObject> spec = object(bytes);
    if (spec.isEmpty()) {
      return;
    }
    Optional<NodeQoSPolicy> policy = decoded(spec.get());
    Optional<NodeQoSPolicy> reversed = decoded(reversed(spec.get()));
    assertEquals(policy.map(NodeQoSPolicy::spec), reversed.map(NodeQoSPolicy::spec));
    assertEquals(policy.map(NodeQoSPolicy::revision), reversed.map(NodeQoSPolicy::revision));
    policy.ifPresent(p -> ConfigVersion.of(ConfigVersion.digests(p.spec().sections())));
  }

  /** The order of the fields means nothing. */
  private static Optional<NodeQoSPolicy> decoded(JsonObject spec) {
    PolicyDecoder.Decoded decoded =
        new PolicyDecoder().decode(new PolicyObject(META, spec, new JsonObject()));
    if (decoded instanceof Decoded.Invalid invalid) {
      assertFalse(invalid.problems().isEmpty());
      return Optional.empty();
    }
    return Optional.of(((Decoded.Valid) decoded).policy());
  }

  private static JsonObject reversed(JsonObject object) {
    List<String> fields = new ArrayList<>(object.keySet());
    Collections.reverse(fields);
    JsonObject reversed = new JsonObject();
    for (String field : fields) {
      JsonElement value = object.get(field);
      reversed.add(field, value.isJsonObject() ? reversed(value.getAsJsonObject()) : value);
    }
    return reversed;
  }

  @FuzzTest
  void configAnnotationIsReadOrIgnored(byte[] bytes) {
    String text = text(bytes);
    ConfigAnnotation.reservation(text);
    ConfigAnnotation.revisions(text);
    ConfigAnnotation.sources(text);
    ConfigAnnotation.quotaResources(text);
    ConfigAnnotation.pluginDigests(ConfigAnnotation.pluginSections(text));
    RecordedConfig.of(text);
  }

  @FuzzTest
  void rolloutAnnotationIsReadOrIgnored(byte[] bytes) {
    RolloutRequest request = new RolloutRequest(text(bytes));
    Optional<Integer> step = request.promotedStep(REVISION);
    assertFalse(step.isPresent() && request.retries(REVISION));
    assertFalse(step.filter(s -> s < 1).isPresent());
  }

  @FuzzTest
  void rolloutRecordIsReadOrIgnoredAndWrittenAsItWasRead(byte[] bytes) {
    object(bytes)
        .flatMap(RolloutJson::in)
        .ifPresent(
            state -> {
              JsonObject status = new JsonObject();
              status.add(RolloutJson.FIELD, RolloutJson.json(state));
              assertEquals(Optional.of(state), RolloutJson.in(status));
            });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** As the API server accepts it: deeper nesting is refused there, too. */
  private static Optional<JsonObject> object(byte[] bytes) {
    try {
      return Optional.of(JsonParser.parseString(text(bytes)))
          .filter(JsonElement::isJsonObject)
          .map(JsonElement::getAsJsonObject);
    } catch (JsonParseException notJson) {
      return Optional.empty();
    }
  }
}
