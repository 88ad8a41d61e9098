// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane behaves as the other tests assume. */
@RealApi
class ControlPlaneIT {
  private final String name = "it-" + UUID.randomUUID();
  private final ControlPlane plane;

  @TempDir Path directory;

  ControlPlaneIT(ControlPlane plane) {
    this.plane = plane;
  }

  private static JsonObject json(Command command) {
    return JsonParser.parseString(command.succeeded().out()).getAsJsonObject();
  }

  private static String gitVersion(JsonObject versions, String side) {
    return versions.getAsJsonObject(side).get("gitVersion").getAsString();
  }

  @Test
  void kubectlIsOfTheServersVersion() {
    JsonObject versions = json(plane.kubectl("version", "-o", "json"));

    String server = gitVersion(versions, "serverVersion");
    assertTrue(server.matches("v1\\.[0-9]+\\.[0-9]+.*"), server);
    assertFalse(server.contains("master"), "a build without a version is v0.0.0-master: " + server);
    assertEquals(
        server.replaceFirst("\\.[0-9]+[^.]*$", ""),
        gitVersion(versions, "clientVersion").replaceFirst("\\.[0-9]+[^.]*$", ""),
        "the minor version");
  }

  @Test
  void accountMayOnlyUseItsGrantedPermissions() {
    plane.kubectl("create", "serviceaccount", name).succeeded();
    String as = "--as=system:serviceaccount:default:" + name;
    assertEquals("no", plane.kubectl("auth", "can-i", "list", "nodes", as).out().strip());

    plane.kubectl("create", "clusterrole", name, "--verb=list", "--resource=nodes").succeeded();
    plane
        .kubectl(
            "create",
            "clusterrolebinding",
            name,
            "--clusterrole=" + name,
            "--serviceaccount=default:" + name)
        .succeeded();

    assertEquals("yes", plane.kubectl("auth", "can-i", "list", "nodes", as).out().strip());
    assertEquals("no", plane.kubectl("auth", "can-i", "delete", "nodes", as).out().strip());
  }

  @Test
  void tokenThatIsBoundToAPodNamesThePodInTheAuditLog() throws IOException {
    plane.kubectl("create", "serviceaccount", name).succeeded();
    plane
        .kubectlWith(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s"},
             "spec":{"serviceAccountName":"%1$s","containers":[{"name":"c","image":"i"}]}}"""
                .formatted(name),
            "create",
            "-f",
            "-")
        .succeeded();
    String uid =
        json(plane.kubectl("get", "pod", name, "-o", "json"))
            .getAsJsonObject("metadata")
            .get("uid")
            .getAsString();
    String token =
        plane
            .kubectl(
                "create",
                "token",
                name,
                "--bound-object-kind=Pod",
                "--bound-object-name=" + name,
                "--bound-object-uid=" + uid)
            .succeeded()
            .out()
            .strip();
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            Files.readString(plane.kubeconfig()).replace(plane.token(), token));

    Command refused =
        Command.run(
            List.of(
                plane.program("kubectl").toString(),
                "--kubeconfig=" + kubeconfig,
                "get",
                "--raw",
                "/api/v1/nodes/" + name),
            "");

    assertNotEquals(0, refused.code(), "it has no right to");
    JsonObject event = audited("/api/v1/nodes/" + name);
    JsonObject extra = event.getAsJsonObject("user").getAsJsonObject("extra");
    assertEquals(
        "[\"" + name + "\"]", extra.get("authentication.kubernetes.io/pod-name").toString());
    assertEquals("[\"" + uid + "\"]", extra.get("authentication.kubernetes.io/pod-uid").toString());
    assertEquals(403, event.getAsJsonObject("responseStatus").get("code").getAsInt());
  }

  private JsonObject audited(String uri) throws IOException {
    try (Stream<String> lines = Files.lines(plane.auditLog())) {
      return lines
          .filter(line -> line.contains("\"requestURI\":\"" + uri + "\""))
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void killedServerRestartsAtItsAddressWithItsData() {
    plane.kubectl("create", "configmap", name).succeeded();
    long before = plane.process("kube-apiserver").pid();

    plane.kill("kube-apiserver");
    assertNotEquals(0, plane.kubectl("get", "configmap", name, "--request-timeout=2s").code());
    plane.startAgain();

    plane.kubectl("get", "configmap", name).succeeded();
    assertNotEquals(before, plane.process("kube-apiserver").pid());
  }

  @Test
  void controlPlaneEndsWhenItsOwnerIsKilled() throws IOException, InterruptedException {
    Process owner = new ProcessBuilder("sleep", "300").start();
    Path data = directory.resolve("owned");
    Command.run(
            List.of(
                Programs.script("control-plane"),
                "up",
                "--dir",
                data.toString(),
                "--owner",
                Long.toString(owner.pid())),
            "")
        .succeeded();
    long server = Long.parseLong(Files.readString(data.resolve("kube-apiserver.pid")).strip());
    ProcessHandle process = ProcessHandle.of(server).orElseThrow();

    owner.destroyForcibly().waitFor();

    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while ((process.isAlive() || Files.exists(data)) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertFalse(process.isAlive(), "the server outlived its owner");
    assertFalse(Files.exists(data), "its data directory was left behind");
  }
}
