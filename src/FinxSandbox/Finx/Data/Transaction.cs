using System.Security.Cryptography;
using System.Text;

namespace FinxSandbox.Finx.Data;

/// <summary>A booking as finX has it.</summary>
internal sealed record Transaction(Account Account, string Id, Posting Posting, Sync Sync)
{
    /// <summary>A card payment is pending until a later day has been synchronised.</summary>
    public bool IsBooked => Posting.RecurringPayment.Type is not "Electronic cash" || Posting.Day < Account.LastSync.To;

    public DateTimeOffset BookedAt => new(Posting.Day, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>The id of a payment partner follows from its name.</summary>
    public string PartnerId => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(Posting.RecurringPayment.Name))[..16]).ToString();
}
