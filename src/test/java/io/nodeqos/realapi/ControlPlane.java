// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.realapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A running etcd and kube-apiserver: TLS, RBAC, audit log. They end with this JVM, however it ends.
 */
public final class ControlPlane implements AutoCloseable {
  private final Path programs;
  private final Path data;
  private final List<String> flags;
  private final Kubeconfig kubeconfig;

  private ControlPlane(Path programs, Path data, List<String> flags, Kubeconfig kubeconfig) {
    this.programs = programs;
    this.data = data;
    this.flags = flags;
    this.kubeconfig = kubeconfig;
  }

  /**
   * Starts one with a new data folder and waits until it is ready.
   *
   * @param flags more of them for kube-apiserver
   */
  static ControlPlane start(Path programs, List<String> flags) {
    try {
      Path target = Files.createDirectories(Path.of("target"));
      Path data = Files.createTempDirectory(target, "control-plane-").toAbsolutePath();
      up(data, flags);
      return new ControlPlane(programs, data, flags, Kubeconfig.read(data.resolve("kubeconfig")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts one outside of a test run, with what {@code hack/control-plane} has got before.
   *
   * @throws IllegalStateException with a sentence when there is no program to start
   */
  public static ControlPlane start() {
    Programs programs = Programs.find("control-plane", "--no-build");
    if (programs instanceof Programs.Missing missing) {
      throw new IllegalStateException(missing.reason());
    }
    return start(((Programs.Found) programs).path(), List.of());
  }

  /**
   * Starts another one like this, with a data folder of its own: for tests that stop or restart
   * parts of it or need another kind of server. The caller closes it.
   *
   * @param flags more of them for kube-apiserver
   */
  public ControlPlane another(String... flags) {
    return start(programs, List.of(flags));
  }

  /**
   * Kills one of its programs and waits for its end.
   *
   * @param program {@code etcd} or {@code kube-apiserver}
   */
  public void kill(String program) {
    ProcessHandle process = process(program);
    process.destroyForcibly();
    process.onExit().join();
  }

  /**
   * Suspends one of its programs: it keeps its connections and answers nothing.
   *
   * @param program {@code etcd} or {@code kube-apiserver}
   */
  public void suspend(String program) {
    signal("STOP", program);
  }

  /** Lets a suspended program go on. */
  public void resume(String program) {
    signal("CONT", program);
  }

  private void signal(String signal, String program) {
    Command.run(List.of("kill", "-" + signal, Long.toString(process(program).pid())), "")
        .succeeded();
  }

  /** Restarts processes that a test has killed, at the same address and with the same data. */
  public void startAgain() {
    up(data, flags);
  }

  private static void up(Path data, List<String> flags) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.script("control-plane"),
                "up",
                "--dir",
                data.toString(),
                "--owner",
                Long.toString(ProcessHandle.current().pid()),
                "--"));
    command.addAll(flags);
    Command.run(command, "").succeeded();
  }

  /** Scheme, host and port. */
  public URI server() {
    return kubeconfig.server();
  }

  /** Where clients reach etcd, by plain HTTP. */
  public URI etcd() {
    try {
      String ports = Files.readString(data.resolve("ports")).strip();
      return URI.create("http://127.0.0.1:" + ports.substring(0, ports.indexOf(' ')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Trusts the server's certificate and nothing else. */
  public SSLContext tls() {
    return kubeconfig.tls();
  }

  /** The bearer token of an administrator (group {@code system:masters}). */
  public String token() {
    return kubeconfig.token();
  }

  /** The kubeconfig of that administrator. */
  public Path kubeconfig() {
    return data.resolve("kubeconfig");
  }

  /**
   * One JSON object a line: an {@code audit.k8s.io/v1} Event of each request, level Metadata; level
   * Request of what the controller's ServiceAccount writes to Nodes, Leases and the status of
   * policies.
   */
  public Path auditLog() {
    return data.resolve("audit.log");
  }

  /**
   * The process of one of its programs, to be stopped or suspended by a test.
   *
   * @param program {@code etcd} or {@code kube-apiserver}
   */
  public ProcessHandle process(String program) {
    try {
      String pid = Files.readString(data.resolve(program + ".pid")).strip();
      return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A program of the same version as the server. A folder named by {@code KUBEBUILDER_ASSETS} may
   * be without {@code kube-scheduler}.
   */
  public Path program(String name) {
    return programs.resolve(name);
  }

  /** Runs kubectl as the administrator. */
  public Command kubectl(String... arguments) {
    return kubectlWith("", arguments);
  }

  /** Runs kubectl as the administrator, with this text as its standard input. */
  public Command kubectlWith(String input, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program("kubectl").toString(),
                "--kubeconfig=" + kubeconfig(),
                "--cache-dir=" + data.resolve("kubectl-cache")));
    command.addAll(List.of(arguments));
    return Command.run(command, input);
  }

  /**
   * Runs a line of a shell in which kubectl is that of the administrator, and the editor changes
   * nothing.
   */
  public Command shell(String line) {
    String kubectl =
        "kubectl() { '%s' --kubeconfig='%s' --cache-dir='%s' \"$@\"; }"
            .formatted(program("kubectl"), kubeconfig(), data.resolve("kubectl-cache"));
    return Command.run(List.of("sh", "-c", "export EDITOR=true\n" + kubectl + "\n" + line), "");
  }

  /** Ends the processes and removes the data. */
  @Override
  public void close() {
    Command.run(List.of(Programs.script("control-plane"), "down", "--dir", data.toString()), "")
        .succeeded();
  }
}
