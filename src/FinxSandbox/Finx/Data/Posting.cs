using System.Security.Cryptography;
using System.Text;

namespace FinxSandbox.Finx.Data;

/// <summary>A booking as the bank has it.</summary>
/// <param name="Number">Its place among the day's.</param>
internal sealed record Posting(DateOnly Day, int Number, decimal Amount, RecurringPayment RecurringPayment)
{
    /// <summary>An account's bookings of a day: the same whenever and by whomever they are asked for.</summary>
    public static IEnumerable<Posting> On(BankAccount account, DateOnly day)
    {
        var seed = SHA256.HashData(Encoding.UTF8.GetBytes($"{account.Iban ?? account.Number} {day.DayNumber}"));
        var chance = new Random(BitConverter.ToInt32(seed));
        var number = 0;
        foreach (var payment in account.RecurringPayments.Where(payment => payment.Recurrence.Falls(day, chance)))
        {
            var amount = payment.From + ((payment.To - payment.From) * (decimal)chance.NextDouble());
            yield return new Posting(day, ++number, Math.Round(amount, 2), payment);
        }
    }
}
