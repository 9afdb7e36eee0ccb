using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace FinxFunctions.Hosting;

/// <summary>Explains why the app does not start, if its operator can change that.</summary>
public static class StartFailure
{
    /// <summary>What the process returns when it cannot start.</summary>
    public const int ExitCode = 1;

    /// <summary>The reasons, one line each. Null if the exception is a defect, which is to be seen with its stack trace.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StartUpException => exception.Message,
        OptionsValidationException invalid => string.Join(Environment.NewLine, invalid.Failures),
        AggregateException { InnerExceptions: var several } when several.All(one => Explain(one) is not null) => string.Join(Environment.NewLine, several.Select(Explain)),
        IOException { InnerException: AddressInUseException } => $"{exception.Message.TrimEnd('.')}. Stop the other program, or choose another port with --urls http://localhost:7072.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => exception.Message,
        _ => null,
    };
}
