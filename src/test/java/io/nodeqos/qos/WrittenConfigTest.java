// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.qos;

import static io.nodeqos.fixture.NodeFixture.node;
import static io.nodeqos.fixture.PolicyFixture.catalog;
import static io.nodeqos.fixture.PolicyFixture.policy;
import static io.nodeqos.fixture.ReservedFixture.nothing;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nodeqos.node.NodeView;
import io.nodeqos.node.value.Resources;
import io.nodeqos.policy.CompiledConfig;
import io.nodeqos.policy.ConfigAnnotation;
import io.nodeqos.policy.RecordedConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The annotation and the config version to the byte: another text for the same policies would be a
 * write to every node of a cluster, and a new version that no node agent has applied.
 */
class WrittenConfigTest {
  private static final NodeView NODE = node("n").allocatable("cpu", "7").build();

  private static final String WRITTEN =
      """
      {"digests":{"images":"08d664d439","numa":"e749babbba","quota":"03a2a3c5b2",\
      "reservation":"7d6b1a1c54"},\
      "images":["docker.io/library/nginx:1","docker.io/library/b:latest"],\
      "numa":{"cells":[1,2]},\
      "quota":{"classes":[\
      {"cpu":{"max":"231000 100000","weight":200},"io":{"weight":100},\
      "memory":{"high":13045963161,"max":16307453952,"min":1073741824},"name":"gold"},\
      {"name":"idle"}]},\
      "reservation":{"cpu":"500m","ephemeralStorage":"1Gi","memory":"1664Mi"},\
      "sources":{"images":"base","quota":"gold","reservation":"gold","warmUp":"base"},\
      "version":"fed3602efb"}""";

  @Test
  void configurationOfTwoPoliciesAndAPluginKeepsItsFormat() {
    CompiledConfig config =
        catalog(
                policy(
                    "base",
                    """
                    {'deletionPolicy': 'Keep', 'images': [{'ref': 'nginx:1'}, {'ref': 'b', 'pull': 'Never'}],
                     'quota': {'classes': [{'name': 'lost'}]},
                     'warmUp': {'nodeReady': {}, 'images': {}}}"""),
                policy(
                    "gold",
                    """
                    {'priority': 5,
                     'reservation': {'cpu': '500m', 'memory': '5.0%', 'ephemeralStorage': '1024Mi',
                       'countReservedPods': true},
                     'quota': {'classes': [
                       {'name': 'gold', 'cpu': {'weight': 200, 'max': '33%'},
                        'memory': {'min': '1Gi', 'high': '40%', 'max': '50%'}, 'io': {'weight': 100},
                        'advertise': {'cpu': '33%', 'memory': '50%'}},
                       {'name': 'idle'}]}}"""))
            .snapshot()
            .compile(NODE);
    assertEquals("ea6d15c2e5", config.version());
    assertEquals("6e07fb2dd7", config.sections().images().orElseThrow().pullVersion());

    Map<String, Object> fragments = new TreeMap<>(planned(config));
    fragments.put("numa", Map.of("cells", List.of(1, 2)));
    CompiledConfig counted = config.withPluginSections(ConfigAnnotation.pluginDigests(fragments));
    String written = ConfigAnnotation.write(counted, fragments);
    assertEquals(WRITTEN, written);

    CompiledConfig kept =
        CompiledConfig.NONE
            .withRetained(RecordedConfig.of(written).sections())
            .withPluginSections(
                ConfigAnnotation.pluginDigests(Map.of("numa", fragments.get("numa"))));
    assertEquals(
        WRITTEN, ConfigAnnotation.write(kept, Map.of("numa", fragments.get("numa"))), "kept");
  }

  private static Map<String, Object> planned(CompiledConfig config) {
    WorkerRegistry workers =
        WorkerRegistry.of(
            List.of(new ReservationWorker(), new ZumWorker(), new ImageWorker()),
            WorkerObserver.NONE);
    workers.start();
    return workers
        .plan(new WorkerInput(NODE, nothing(), config, Optional.empty(), Resources.NONE))
        .config();
  }
}
