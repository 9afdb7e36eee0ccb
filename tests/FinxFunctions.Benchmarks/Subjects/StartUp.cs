using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FinxFunctions.Benchmarks.Harness;

namespace FinxFunctions.Benchmarks.Subjects;

/// <summary>How long a cold start keeps its first caller waiting.</summary>
internal sealed class StartUp : Subject
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Finx__BaseAddress"] = "http://127.0.0.1:9/",
        ["Finx__ClientId"] = "client",
        ["Finx__ClientSecret"] = "secret",
        ["Links__CallbackAddress"] = "http://localhost/api/callback",
        ["Links__AllowedReturnUris__0"] = "http://localhost/",
        ["Tables__ConnectionString"] = "UseDevelopmentStorage=true",
        ["Vaults__Addresses__0"] = "https://127.0.0.1:9/",
        ["RotationSchedule"] = "0 0 0 30 2 *",
    };

    public override string Name => "start";

    public override string Title => "start to first answer / an empty ASP.NET Core app's; bytes published; ReadyToRun on and off";

    public override async Task MeasureAsync(Run run, Finding finding)
    {
        var folder = Directory.CreateTempSubdirectory("finx-start");
        try
        {
            var empty = WriteEmptyApp(folder);
            foreach (var isReady in new[] { true, false })
            {
                var how = isReady ? "ReadyToRun" : "no ReadyToRun";
                run.Tell($"publishing, {how}");
                var emptyApp = await PublishAsync(empty, Path.Combine(folder.FullName, $"empty-{isReady}"), isReady);
                var host = await PublishAsync(Repository.PathOf("src", "FinxFunctions.DevHost", "FinxFunctions.DevHost.csproj"), Path.Combine(folder.FullName, $"host-{isReady}"), isReady);
                Task<double> StartEmpty() => StartAsync(Path.Combine(emptyApp, "Empty.dll"), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
                Task<double> StartHost() => StartAsync(Path.Combine(host, "FinxFunctions.DevHost.dll"), "POST /api/connections/x/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                await PairedRun.RunAsync(run, $"{how}, warming up", 2, StartEmpty, StartHost);
                var rounds = await PairedRun.RunAsync(run, how, run.Rounds(25, 9), StartEmpty, StartHost);
                finding.Add(Figure.AtMost($"start to first answer / an empty app's, {how}", new Samples(rounds.Select(round => round.Second / round.First)), 1.3, isHeadline: isReady));
                finding.Add(new Figure($"start to first answer, {how}", $"{Text.Time(new Samples(rounds.Select(round => round.Second)).Median)} for {Text.Time(new Samples(rounds.Select(round => round.First)).Median)}"));
                finding.Add(new Figure($"published, {how}", $"{Text.Megabytes(Size(host))} for {Text.Megabytes(Size(emptyApp))}"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        finding.Notes.Add("DevHost and an empty app, both published and started by `dotnet`; the time is from the start of the process to the first byte of the first answer. DevHost's first answer is that of GetToken to an id that is none, which needs no other service but the whole container. The page of the contract (Scalar) and the sandbox are among DevHost's bytes, and not among those of the worker app.");
    }

    private static string WriteEmptyApp(DirectoryInfo folder)
    {
        var source = folder.CreateSubdirectory("empty");
        var project = Path.Combine(source.FullName, "Empty.csproj");
        File.WriteAllText(project, """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><InvariantGlobalization>true</InvariantGlobalization></PropertyGroup></Project>""");
        File.WriteAllText(Path.Combine(source.FullName, "Program.cs"), """var app = WebApplication.CreateBuilder(args).Build(); app.MapGet("/", () => ""); app.Run();""");
        return project;
    }

    private static async Task<string> PublishAsync(string project, string output, bool isReady)
    {
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-v", "quiet", "-nologo", "--use-current-runtime", "--no-self-contained", $"-p:PublishReadyToRun={isReady}", "--artifacts-path", $"{output}-artifacts", "-o", output])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0 ? output : throw new InvalidOperationException($"dotnet publish {Path.GetFileName(project)} failed: {await said}");
    }

    private static async Task<double> StartAsync(string program, byte[] request)
    {
        var port = FreePort();
        var info = new ProcessStartInfo("dotnet", [program, "--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in Settings)
            info.Environment[name] = value;
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(info)!;
        try
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            while (!await AnswersAsync(port, request))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
                    throw new InvalidOperationException($"{Path.GetFileName(program)} did not start: {await process.StandardError.ReadToEndAsync()}");
                await Task.Delay(1);
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> AnswersAsync(int port, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(request);
            return await socket.ReceiveAsync(new byte[64]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static double Size(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Extension != ".pdb").Sum(file => file.Length);
}
