// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.nodeqos.fixture.PolicyFixture;
import io.nodeqos.policy.PolicyDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies of {@code manifests/examples} are valid to the controller. */
class ExamplesTest {
  static List<Path> examples() {
    try (Stream<Path> files = Files.list(Path.of("manifests", "examples"))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void aPolicyThatBearsTheNameOfItsFileIsValid(Path file) throws IOException {
    List<Manifest> policies = Manifest.all(Files.readString(file));

    assertEquals(1, policies.size());
    Manifest policy = policies.get(0);
    assertEquals(file.getFileName().toString(), policy.name() + ".yaml");
    assertInstanceOf(
        PolicyDecoder.Decoded.Valid.class,
        new PolicyDecoder()
            .decode(PolicyFixture.policy(policy.name(), policy.at("spec").toString())),
        policy::name);
  }

  @Test
  void theWorkersOfKindRegisterWithTheStartupTaint() throws IOException {
    Manifest kind = Manifest.all(Files.readString(Path.of("hack", "kind.yaml"))).get(0);

    for (String worker : List.of("1", "2")) {
      String patch = kind.at("nodes", worker, "kubeadmConfigPatches", "0").getAsString();
      Manifest join = Manifest.all(patch).get(0);
      assertEquals("worker", kind.at("nodes", worker, "role").getAsString());
      assertEquals(
          "nodeqos.io/warming-up", join.at("nodeRegistration", "taints", "0", "key").getAsString());
    }
  }

  @Test
  void eachUseIsThere() {
    assertEquals(
        Set.of(
            "wait-for-cni.yaml",
            "wait-for-gpu.yaml",
            "wait-for-csi.yaml",
            "reserve-only.yaml",
            "prepull.yaml",
            "continuous.yaml"),
        examples().stream().map(f -> f.getFileName().toString()).collect(toSet()));
  }
}
