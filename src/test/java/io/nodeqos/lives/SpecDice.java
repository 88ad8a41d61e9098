// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.lives;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The specs of policies, at random. Each is valid, and calm surroundings open each of its gates.
 * Those that say Keep select all nodes and warm them up: so nothing is left on a node that no
 * policy of its last state sets.
 */
final class SpecDice {
  private final Random random;
  private final boolean keeps;

  /**
   * @param keeps whether all say {@code deletionPolicy: Keep}, else Remove
   */
  SpecDice(Random random, boolean keeps) {
    this.random = random;
    this.keeps = keeps;
  }

  String spec() {
    List<String> fields = new ArrayList<>();
    fields.add("'deletionPolicy': '" + (keeps ? "Keep" : "Remove") + "'");
    if (one(2)) {
      fields.add("'priority': " + (random.nextInt(3) - 1));
    }
    if (!keeps && one(3)) {
      fields.add("'nodeSelector': {'matchLabels': {'pool': '" + of("x", "y") + "'}}");
    }
    if (one(12)) {
      fields.add("'suspend': true");
    }
    if (one(2)) {
      fields.add("'reservation': {" + reservation() + "}");
    }
    if (one(3)) {
      fields.add("'quota': {'classes': [" + qosClass() + "]}");
    }
    if (one(4)) {
      fields.add("'images': [" + image() + "]");
    }
    if (keeps || !one(4)) {
      fields.add("'warmUp': {" + warmUp() + "}");
    }
    if (one(3)) {
      fields.add("'rollout': {" + rollout() + "}");
    }
    return "{" + String.join(", ", fields) + "}";
  }

  private String reservation() {
    return "'cpu': '"
        + of("500m", "1", "10%")
        + "'"
        + (one(3) ? ", 'memory': '1Gi'" : "")
        + (one(2) ? ", 'countReservedPods': true" : "");
  }

  private String qosClass() {
    return "{'name': '"
        + of("gold", "silver")
        + "', 'cpu': {'weight': "
        + of("100", "800")
        + "}, 'advertise': {'cpu': '"
        + of("50%", "25%")
        + "'"
        + (one(2) ? ", 'memory': '1Gi'" : "")
        + "}}";
  }

  private String image() {
    return "{'ref': 'example.com/"
        + of("a", "b")
        + ":1'"
        + (one(3) ? ", 'pull': '" + of("Always", "Never", "IfNotPresent") + "'" : "")
        + "}";
  }

  private String warmUp() {
    List<String> fields = new ArrayList<>();
    if (one(3)) {
      fields.add("'mode': 'Continuous'");
    }
    if (one(3)) {
      fields.add("'stableFor': '" + of("5s", "40s") + "'");
    }
    if (one(2)) {
      fields.add("'taintNewNodes': true");
    }
    if (one(6)) {
      fields.add("'taintKey': 'nodeqos.io/other'");
    }
    fields.add("'nodeReady': {" + timing() + "}");
    if (one(2)) {
      fields.add(
          "'reservedPods': [{'namespace': '"
              + of("kube-system", "kube-system", LifeCluster.EXTRA)
              + "'"
              + timing(", ")
              + "}]");
    }
    if (one(4)) {
      fields.add("'csiDrivers': [{'name': 'csi.example.com'" + timing(", ") + "}]");
    }
    if (one(5)) {
      fields.add("'configApplied': {" + timing() + "}");
    }
    return String.join(", ", fields);
  }

  private String timing() {
    return timing("");
  }

  private String timing(String before) {
    return one(5) ? before + "'timeout': '1m', 'onTimeout': '" + of("Hold", "Release") + "'" : "";
  }

  private String rollout() {
    return "'steps': [{'nodes': 1"
        + (one(3) ? ", 'pause': {'duration': '20s'}" : one(6) ? ", 'pause': {}" : "")
        + "}], 'health': {'for': '"
        + of("1s", "10s")
        + "'}"
        + (one(3) ? ", 'newNodes': 'Target'" : "")
        + (one(4) ? ", 'onFailure': 'Pause'" : "")
        + (one(8) ? ", 'paused': true" : "");
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private String of(String... values) {
    return values[random.nextInt(values.length)];
  }
}
