using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace FinxFunctions.DevHost;

/// <summary>Says in a line why DevHost does not start, where its user can do something about it.</summary>
public static class Refusal
{
    /// <returns>Null where the exception is a fault of the program, to be seen with its stack trace.</returns>
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
