return await DevSidecar.Cli.SidecarCommand.RunAsync(args);
