// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.demo.cluster;

import io.nodeqos.cli.NodeQosCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM that lives no longer than this one: it must end when its standard input closes, and
 * the operating system closes it even when this JVM is killed. Its output goes to a log file.
 */
public final class ControllerProcess implements AutoCloseable {

  private static final long GRACE_SECONDS = 5;

  /**
   * The command line of the child.
   *
   * @param command main class first, then its arguments
   */
  public record Spec(
      String name,
      List<String> jvmOptions,
      List<String> command,
      Map<String, String> env,
      Path log) {

    /** The same with more JVM options. */
    public Spec with(List<String> options) {
      List<String> all = new ArrayList<>(jvmOptions);
      all.addAll(options);
      return new Spec(name, all, command, env, log);
    }
  }

  private final Spec spec;
  private final Process process;

  private ControllerProcess(Spec spec, Process process) {
    this.spec = spec;
    this.process = process;
  }

  /** Starts the child with this JVM's own java executable and the class path of the controller. */
  public static ControllerProcess start(Spec spec) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(spec.jvmOptions());
    line.add("-cp");
    line.add(classPath());
    line.addAll(spec.command());
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
    builder.environment().putAll(spec.env());
    return new ControllerProcess(spec, builder.start());
  }

  /**
   * The controller's own jar, which names its libraries: without the demo, so that an archive of
   * the child's classes fits a JVM that runs the controller alone. Unpacked classes have no such
   * list.
   */
  private static String classPath() {
    URL own = NodeQosCommand.class.getProtectionDomain().getCodeSource().getLocation();
    return own.getPath().endsWith(".jar")
        ? Path.of(URI.create(own.toString())).toString()
        : System.getProperty("java.class.path");
  }

  public String name() {
    return spec.name();
  }

  public Path log() {
    return spec.log();
  }

  public long pid() {
    return process.pid();
  }

  /** Empty while it runs. */
  public OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** SIGTERM, as at the end of a pod. Returns at once. */
  public void terminate() {
    // Not Process.destroy, which closes the standard input as well.
    process.toHandle().destroy();
  }

  /** SIGKILL. Returns when it has ended. */
  public void kill() {
    process.destroyForcibly();
    endsInTime();
  }

  /** Ends it by closing its input, by SIGTERM after 5 s, and by SIGKILL after 5 s more. */
  @Override
  public void close() {
    try (OutputStream input = process.getOutputStream()) {
      input.flush();
    } catch (IOException ignored) {
      // It has already ended.
    }
    if (!endsInTime()) {
      process.destroy();
      if (!endsInTime()) {
        process.destroyForcibly();
      }
    }
  }

  private boolean endsInTime() {
    try {
      return process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
