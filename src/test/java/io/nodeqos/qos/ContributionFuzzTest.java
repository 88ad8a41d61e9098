// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.nodeqos.node.value.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whatever a plug-in contributes is allowed, or refused in words. */
class ContributionFuzzTest {
  private static final int MAX_PARTS = 200;

  @FuzzTest
  void contributionIsAllowedOrRefusedInWords(FuzzedDataProvider data) {
    int[] parts = {MAX_PARTS};
    Map<String, Object> config = new HashMap<>();
    for (int i = data.consumeInt(0, 4); i > 0; i--) {
      config.put(name(data), value(data, parts));
    }
    Map<String, Quantity> resources = new HashMap<>();
    for (int i = data.consumeInt(0, 3); i > 0; i--) {
      quantity(data).ifPresent(q -> resources.put(name(data), q));
    }
    Contribution contribution = new Contribution(config, resources, Optional.empty());
    try {
      Contribution checked = PluginRules.checked(contribution);
      assertEquals(contribution.config(), checked.config());
      assertEquals(checked, PluginRules.checked(checked));
    } catch (PluginProblem refused) {
      assertFalse(refused.getMessage().isBlank());
    }
  }

  private static String name(FuzzedDataProvider data) {
    return data.consumeBoolean()
        ? data.pickValue(List.of("quota", "a", "my-section", "nodeqos.io/a-cpu", "example.com/x"))
        : data.consumeString(70);
  }

  private static Optional<Quantity> quantity(FuzzedDataProvider data) {
    try {
      return Optional.of(Quantity.parse(data.consumeString(20)));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  private static Object value(FuzzedDataProvider data, int[] parts) {
    parts[0]--;
    switch (parts[0] < 0 ? 0 : data.consumeInt(0, 6)) {
      case 1 -> {
        return data.consumeLong();
      }
      case 2 -> {
        return data.consumeDouble();
      }
      case 3 -> {
        return data.consumeBoolean();
      }
      case 4 -> {
        List<Object> list = new ArrayList<>();
        for (int i = data.consumeInt(0, 3); i > 0; i--) {
          list.add(value(data, parts));
        }
        return list;
      }
      case 5, 6 -> {
        Map<Object, Object> map = new HashMap<>();
        for (int i = data.consumeInt(0, 3); i > 0; i--) {
          map.put(data.consumeInt(0, 9) == 0 ? (Object) 7 : name(data), value(data, parts));
        }
        return map;
      }
      default -> {
        return data.consumeString(10);
      }
    }
  }
}
